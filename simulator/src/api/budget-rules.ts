import { asArray, asObject, asString, at, type Json, type JsonObject } from '../store/json.ts';
import type { KubeObject } from '../store/kube-object.ts';

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

/** Whether a pod is ready and not on its way out. */
export const isHealthy = ({ metadata, status }: KubeObject): boolean =>
  metadata.deletionTimestamp === undefined &&
  asArray(status?.['conditions']).some(
    (condition) => at(condition, 'type') === 'Ready' && at(condition, 'status') === 'True',
  );

/** The account of a budget: how many of its pods are healthy, must be, and may go. */
export function budgetStatus(budget: KubeObject, pods: KubeObject[], expectedPods: number): JsonObject {
  const currentHealthy = pods.filter(isHealthy).length;
  const desiredHealthy = desired(budget, expectedPods);
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const allowed = disruptionsAllowed > 0;
  const condition = {
    type: 'DisruptionAllowed',
    status: allowed ? 'True' : 'False',
    reason: allowed ? 'SufficientPods' : 'InsufficientPods',
    message: '',
    observedGeneration: budget.metadata.generation ?? 1,
  };
  const observedGeneration = budget.metadata.generation ?? 1;
  return {
    currentHealthy,
    desiredHealthy,
    disruptionsAllowed,
    expectedPods,
    observedGeneration,
    conditions: [condition],
  };
}

function desired({ spec }: KubeObject, expected: number): number {
  if (spec?.['minAvailable'] !== undefined) return share(spec['minAvailable'], expected);
  return Math.max(0, expected - share(spec?.['maxUnavailable'] ?? 1, expected));
}

const share = (value: Json, total: number): number =>
  typeof value === 'number' ? value : Math.ceil((Number.parseInt(asString(value), 10) / 100) * total);
