import { ApiError } from '../store/api-error.ts';
import { asNumber, asString } from '../store/json.ts';
import type { KubeObject } from '../store/kube-object.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { isHealthy } from './budget-rules.ts';
import { budgetsOf, currentStatus } from './disruption-budgets.ts';

const unprotected = ['Succeeded', 'Failed', 'Pending'];

/** Answers 429 when the disruption budget of a pod forbids its eviction, naming the budget and its account. */
export function checkEviction(store: ObjectStore, pod: KubeObject): void {
  if (unprotected.includes(asString(pod.status?.['phase'])) || pod.metadata.deletionTimestamp !== undefined) return;
  const [budget, ...others] = budgetsOf(store, pod);
  if (budget === undefined) return;
  if (others.length > 0) {
    const why = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new ApiError(500, 'InternalError', why);
  }
  const status = currentStatus(store, budget);
  if (asNumber(status['disruptionsAllowed']) > 0) return;
  if (!isHealthy(pod) && budget.spec?.['unhealthyPodEvictionPolicy'] === 'AlwaysAllow') return;
  const { name } = budget.metadata;
  const message = `The disruption budget ${name} needs ${asNumber(status['desiredHealthy'])} healthy pods and has ${asNumber(status['currentHealthy'])} currently`;
  const why = "Cannot evict pod as it would violate the pod's disruption budget.";
  throw new ApiError(429, 'TooManyRequests', why, { causes: [{ reason: 'DisruptionBudget', message }] });
}
