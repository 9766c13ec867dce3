import {
  type Bundle,
  type BundleEvent,
  type BundleLog,
  fingerprintOf,
  fitBundle,
  MAX_BUNDLE_BYTES,
} from '@aetherius/shared/contracts';
import type { Fetched } from './fetched.ts';

/** Room for what joins the parts of a bundle. */
const JOINTS = 1024;

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const isLater = (a: string, b: string): boolean => Date.parse(a) > Date.parse(b);

/** One of each key: what stands later in the list counts. */
const lastOf = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];

const eventKey = (event: BundleEvent): string => `${fingerprintOf('', event)} ${event.reason} ${event.message}`;

/** The longer of two logs of one container: the other is the end of it. */
function longest(logs: readonly BundleLog[]): BundleLog[] {
  const byLength = logs.toSorted((a, b) => a.lines.length - b.lines.length);
  return lastOf(byLength, ({ id }) => id);
}

/**
 * A bundle with what was read afterwards, within the size of a bundle: the first evidence makes room. Of two views of
 * one object the later counts, since newer evidence may have come while the reads were under way.
 */
export function withFetched(bundle: Bundle, fetched: readonly Fetched[]): Bundle {
  const brought = fetched.filter(({ reason }) => reason === null);
  if (brought.length === 0) return bundle;
  const parts = brought.map(({ objects, events, logs }) => ({ objects, events, logs }));
  return brought.reduce(join, fitBundle(bundle, Math.max(0, MAX_BUNDLE_BYTES - bytes(parts) - JOINTS)));
}

function join(bundle: Bundle, { at, objects, events, logs }: Fetched): Bundle {
  const inTime = <T>(known: T[], read: T[]): T[] =>
    isLater(bundle.at, at) ? [...read, ...known] : [...known, ...read];
  return {
    ...bundle,
    at: isLater(bundle.at, at) ? bundle.at : at,
    objects: lastOf(inTime(bundle.objects, objects), ({ id }) => id),
    events: lastOf(inTime(bundle.events, events), eventKey),
    logs: longest([...bundle.logs, ...logs]),
  };
}
