import type { InternalEvent } from '@aetherius/shared/contracts';
import type { RunRow } from '../engine/run.ts';

/** Runs that one episode may get beside its first: an incident that gives a new reason every minute must not be asked about for ever. */
const OTHER_LOOKS = 3;

type Told = Pick<InternalEvent, 'incident_id' | 'episode' | 'reasons' | 'bundle'>;
type Ended = Pick<RunRow, 'phase' | 'outcome' | 'diagnosis' | 'bundle_hash' | 'incident'>;

/** One episode of an incident has one first run, however often it is told. */
export const triggerKeyOf = ({ incident_id, episode }: Pick<Told, 'incident_id' | 'episode'>): string =>
  `${incident_id}:${episode}`;

/** The keys of all runs that one episode may have: the first, and its other looks. */
export const allKeysOf = (event: Pick<Told, 'incident_id' | 'episode'>): string[] => {
  const first = triggerKeyOf(event);
  return [first, ...Array.from({ length: OTHER_LOOKS }, (_, look) => `${first}:${look + 1}`)];
};

/**
 * Whether a run that found no cause should be followed by another: a reason or evidence came that it never had; and one whose fault was
 * still to come: it has happened. A person's word to cancel stands.
 */
export function isWorthAnotherLook(last: Ended, { reasons, bundle }: Told): boolean {
  const { phase, outcome, diagnosis, incident } = last;
  if (phase !== 'escalated' || outcome === 'cancelled') return false;
  if (diagnosis?.foreseen != null) return bundle !== null && bundle.forecasts.length === 0;
  const foundNothing = diagnosis?.status === 'abstained' || diagnosis?.category === 'unknown';
  if (!foundNothing) return false;
  const hasNewReason = reasons.some((reason) => !incident.reasons.includes(reason));
  return hasNewReason || (last.bundle_hash === null && bundle !== null);
}
