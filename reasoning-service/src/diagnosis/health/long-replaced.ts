import { type BundleObject, seconds } from '@aetherius/shared/contracts';
import { ageOf, healthOf } from './health.ts';
import { isLeaving, toldToGo } from './held-deletion.ts';

/** A rollout or a drain takes an old pod away about when the new one is ready; grace periods are seldom longer. */
const TAKES_OVER = seconds('10m');

const bornAgo = ({ body }: BundleObject, now: number): number | undefined =>
  ageOf(body, 'metadata.creationTimestamp', now);

/**
 * Whether a pod is told to go, nobody says since when, and a younger one beside it has been up for long:
 * to have fewer, a ReplicaSet takes the younger ones away first, so this one was replaced then and has stuck since.
 * Where another has only just come, that may be what it makes room for.
 */
export function hasLongBeenReplaced(pod: BundleObject, beside: readonly BundleObject[], now: number): boolean {
  const age = bornAgo(pod, now);
  if (age === undefined || pod.kind !== 'Pod' || !isLeaving(pod) || toldToGo(pod) !== undefined) return false;
  const younger = beside
    .map((one) => ({ state: healthOf(one, now).state, age: bornAgo(one, now) ?? age }))
    .filter((one) => one.age < age);
  return younger.some(({ state }) => state === 'healthy') && younger.every((one) => one.age > TAKES_OVER);
}
