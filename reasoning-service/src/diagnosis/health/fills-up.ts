import type { BundleObject } from '@aetherius/shared/contracts';
import { textAt } from '../json-path.ts';
import { shortage } from './health.ts';
import type { Health } from './health-state.ts';
import { isLeaving } from './held-deletion.ts';

/**
 * Whether a workload that serves lacks only pods that are within the time of their start, as while it is rolled out:
 * controllers other than that of Deployments do not say so themselves, and rows of tables never do.
 * A StatefulSet waits with each pod for the one before it.
 */
export function fillsUp(
  workload: BundleObject,
  pods: readonly BundleObject[],
  health: (pod: BundleObject) => Health,
): boolean {
  const lack = shortage(workload);
  if (lack === undefined || lack.ready === 0) return false;
  const starting = pods.filter((pod) => health(pod).state === 'progressing' && !isLeaving(pod)).length;
  const goesInOrder =
    workload.kind === 'StatefulSet' && textAt(workload.body, 'spec.podManagementPolicy') !== 'Parallel';
  const isEnough = starting >= lack.wanted - lack.ready || (goesInOrder && starting > 0);
  return isEnough && pods.every((pod) => health(pod).state !== 'broken');
}
