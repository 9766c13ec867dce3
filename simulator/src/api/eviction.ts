import { ApiError } from '../store/api-error.ts';
import { asArray, asNumber, asObject, asString, at, type Json } from '../store/json.ts';
import type { KubeObject } from '../store/kube-object.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** Whether labels meet a label selector in its object form; an empty one meets everything. */
export function selects(selector: Json | undefined, labels: { [key: string]: string }): boolean {
  const equal = Object.entries(asObject(at(selector, 'matchLabels'))).every(([key, value]) => labels[key] === value);
  return equal && asArray(at(selector, 'matchExpressions')).every((expression) => meets(asObject(expression), labels));
}

function meets(expression: { [field: string]: Json }, labels: { [key: string]: string }): boolean {
  const value = labels[asString(expression['key'])];
  const listed = value !== undefined && asArray(expression['values']).includes(value);
  const operator = asString(expression['operator']);
  if (operator === 'In') return listed;
  if (operator === 'NotIn') return !listed;
  return operator === 'Exists' ? value !== undefined : value === undefined;
}

const isReady = ({ status }: KubeObject): boolean =>
  asArray(status?.['conditions']).some(
    (condition) => at(condition, 'type') === 'Ready' && at(condition, 'status') === 'True',
  );

const hasEnded = ({ status }: KubeObject): boolean =>
  ['Succeeded', 'Failed', 'Pending'].includes(asString(status?.['phase']));

/** Lets a pod be evicted or answers 429 with the budget that forbids it; a granted eviction is charged to the budget. */
export function chargeEviction(store: ObjectStore, pod: KubeObject, dryRun: boolean): void {
  if (hasEnded(pod)) return;
  const { namespace, labels = {} } = pod.metadata;
  const budgets = store
    .list('PodDisruptionBudget', namespace)
    .filter(({ spec }) => spec?.['selector'] !== undefined && selects(spec['selector'], labels));
  if (budgets.length > 1) {
    throw new ApiError(
      500,
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  const [budget] = budgets;
  if (budget === undefined) return;
  const healthy = isReady(pod);
  const left = allowed(store, budget);
  if (left <= 0 && (healthy || budget.spec?.['unhealthyPodEvictionPolicy'] !== 'AlwaysAllow'))
    throw refused(budget, left);
  if (!healthy || dryRun) return;
  store.mutate(
    'PodDisruptionBudget',
    namespace,
    budget.metadata.name,
    (draft) => {
      draft.status = { ...draft.status, disruptionsAllowed: left - 1 };
    },
    { subresource: 'status' },
  );
}

/** What the budget's controller has allowed, or, where none has been at work, what the pods themselves say. */
function allowed(store: ObjectStore, { metadata, spec, status }: KubeObject): number {
  if (status?.['disruptionsAllowed'] !== undefined) return asNumber(status['disruptionsAllowed']);
  const pods = store
    .list('Pod', metadata.namespace)
    .filter((pod) => selects(spec?.['selector'], pod.metadata.labels ?? {}));
  const healthy = pods.filter(isReady).length;
  if (spec?.['minAvailable'] !== undefined) return healthy - share(spec['minAvailable'], pods.length);
  return share(spec?.['maxUnavailable'] ?? 1, pods.length) - (pods.length - healthy);
}

const share = (value: Json, total: number): number =>
  typeof value === 'number' ? value : Math.ceil((Number.parseInt(asString(value), 10) / 100) * total);

function refused({ metadata, status }: KubeObject, left: number): ApiError {
  const why = `The disruption budget ${metadata.name} needs ${asNumber(status?.['desiredHealthy'])} healthy pods and has ${asNumber(status?.['currentHealthy'])} currently`;
  const cause = {
    reason: 'DisruptionBudget',
    message:
      left <= 0 && status !== undefined ? why : `The disruption budget ${metadata.name} allows no more disruptions`,
  };
  return new ApiError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [cause],
  });
}
