import { conditionOf } from './conditions.ts';
import { isTerminating } from './references.ts';
import type { Pod } from './types.ts';

/** Whether a pod has ended for good. */
export const isFinished = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Whether a pod counts as one of its controller's replicas. */
export const isActive = (pod: Pod): boolean => !isFinished(pod) && !isTerminating(pod);

/** Whether a pod's Ready condition is true. */
export const isReady = (pod: Pod): boolean => conditionOf(pod.status?.conditions, 'Ready')?.status === 'True';

/** Whether a pod has been ready for the time its controller asks for. */
export function isAvailable(pod: Pod, now: Date, minReadyMs = 0): boolean {
  const ready = conditionOf(pod.status?.conditions, 'Ready');
  if (ready?.status !== 'True') return false;
  return minReadyMs === 0 || now.getTime() - Date.parse(ready.lastTransitionTime ?? '') >= minReadyMs;
}

/** How often the pod's containers were restarted. */
export const restartsOf = (pod: Pod): number =>
  (pod.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);

/** The pods in the order in which a controller gives them up: the least useful first. */
export const byUselessness = (pods: readonly Pod[]): Pod[] =>
  [...pods].sort((left, right) => {
    const [a, b] = [rank(left), rank(right)];
    const differing = a.findIndex((value, index) => value !== b[index]);
    return differing < 0 ? newestFirst(left, right) : (a[differing] ?? 0) - (b[differing] ?? 0);
  });

const phaseOrder: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };
const rank = (pod: Pod): number[] => [
  pod.spec.nodeName === undefined ? 0 : 1,
  phaseOrder[pod.status?.phase ?? 'Pending'] ?? 0,
  isReady(pod) ? 1 : 0,
  -restartsOf(pod),
];
const newestFirst = (left: Pod, right: Pod): number =>
  (right.metadata.creationTimestamp ?? '').localeCompare(left.metadata.creationTimestamp ?? '');
