import type { BundleObject } from '@aetherius/shared/contracts';
import { textAt } from '../json-path.ts';
import { ageOf, conditionOf, START_UP, shortage } from './health.ts';
import type { Health } from './health-state.ts';
import { isLeaving } from './held-deletion.ts';

/** For how long a Deployment says that it has too few pods; undefined where it says nothing of the kind. */
function lacksSince(workload: BundleObject, now: number): number | undefined {
  const available = conditionOf(workload, 'Available');
  return textAt(available, 'status') === 'False' ? ageOf(available, 'lastTransitionTime', now) : undefined;
}

/** How the pods of a workload fare, at a time in milliseconds. */
type Judged = { health: (pod: BundleObject) => Health; now: number };

/**
 * Whether a workload that serves lacks only pods that are within the time of their start, as while it is rolled out:
 * controllers other than that of Deployments do not say so themselves, and rows of tables never do.
 * A StatefulSet waits with each pod for the one before it, and is between two of them where one has just come.
 */
export function fillsUp(workload: BundleObject, pods: readonly BundleObject[], { health, now }: Judged): boolean {
  const lack = shortage(workload);
  const lasts = lacksSince(workload, now);
  // Where that is longer than a start takes, pods that are young are always young.
  if (lack === undefined || lack.ready === 0 || (lasts ?? 0) > START_UP) return false;
  const staying = pods.filter((pod) => !isLeaving(pod));
  const starting = staying.filter((pod) => health(pod).state === 'progressing').length;
  const goesInOrder =
    workload.kind === 'StatefulSet' && textAt(workload.body, 'spec.podManagementPolicy') !== 'Parallel';
  const hasCome = ({ body }: BundleObject) => (ageOf(body, 'metadata.creationTimestamp', now) ?? START_UP) < START_UP;
  // Where most start at once, what they replace may have been lost at once, unless it lacks them since just now.
  const isRolling = (lasts !== undefined || lack.ready * 2 >= lack.wanted) && starting >= lack.wanted - lack.ready;
  const isEnough = isRolling || (goesInOrder && staying.some(hasCome));
  return isEnough && pods.every((pod) => health(pod).state !== 'broken');
}
