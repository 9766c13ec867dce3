import { z } from 'zod';

/** The annotation by which the owner of an object keeps Aetherius away from it for good. */
export const OPT_OUT_ANNOTATION = 'aetherius.io/opt-out';
/** The annotation by which the owner of an object holds changes back, up to a time or for as long as it is there. */
export const FREEZE_ANNOTATION = 'aetherius.io/freeze';

/** What keeps an object from being changed, in a code and in words. */
export type Hold = { code: 'opted_out' | 'frozen'; message: string };

const Moment = z.iso.datetime({ offset: true });

/** Whoever writes such an annotation wants to be left alone; only a plain `false` takes it back. */
const isSet = (value: string | undefined): value is string =>
  value !== undefined && value.trim().toLowerCase() !== 'false';

/** What the owner's annotations on one object say against changing it; `name` is how a person knows the object. A time that cannot be read never ends. */
export function holdOn(name: string, annotations: Record<string, string>, now: Date): Hold | undefined {
  if (isSet(annotations[OPT_OUT_ANNOTATION]))
    return { code: 'opted_out', message: `${name} is opted out by the annotation ${OPT_OUT_ANNOTATION}` };
  const freeze = annotations[FREEZE_ANNOTATION];
  if (!isSet(freeze)) return undefined;
  const end = Moment.safeParse(freeze.trim());
  if (!end.success) return frozen(name, 'for as long as it is there');
  // The value is text from the cluster, so it is told as the time that was understood.
  const until = new Date(end.data);
  return now < until ? frozen(name, `until ${until.toISOString()}`) : undefined;
}

const frozen = (name: string, howLong: string): Hold => ({
  code: 'frozen',
  message: `${name} is frozen by the annotation ${FREEZE_ANNOTATION} ${howLong}`,
});
