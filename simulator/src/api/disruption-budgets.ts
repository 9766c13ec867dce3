import { asNumber, type JsonObject } from '../store/json.ts';
import { type Change, controllerOf, type KubeObject } from '../store/kube-object.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { budgetStatus, isHealthy, selects } from './budget-rules.ts';

/** The budgets that protect a pod. */
export const budgetsOf = (store: ObjectStore, { metadata }: KubeObject): KubeObject[] =>
  store
    .list('PodDisruptionBudget', metadata.namespace)
    .filter(({ spec }) => spec?.['selector'] !== undefined && selects(spec['selector'], metadata.labels ?? {}));

/** The account of a budget as of now. */
export function currentStatus(store: ObjectStore, budget: KubeObject): JsonObject {
  const pods = store
    .list('Pod', budget.metadata.namespace)
    .filter(({ metadata }) => selects(budget.spec?.['selector'], metadata.labels ?? {}));
  return budgetStatus(budget, pods, expectedPods(store, pods));
}

/** What the owners want to run: a pod that is gone for the moment still counts as one that should be there. */
function expectedPods(store: ObjectStore, pods: KubeObject[]): number {
  const owners = new Map<string, number>();
  for (const pod of pods) {
    const { key, count } = ownerOf(store, pod);
    owners.set(key, count);
  }
  return [...owners.values()].reduce((sum, count) => sum + count, 0);
}

function ownerOf(store: ObjectStore, object: KubeObject): { key: string; count: number } {
  const reference = controllerOf(object);
  const owner = reference && store.get(reference.kind, object.metadata.namespace, reference.name);
  if (owner !== undefined) return ownerOf(store, owner);
  return { key: object.metadata.uid, count: asNumber(object.spec?.['replicas'], 1) };
}

/** Keeps the status of every budget true while pods come, go and change their health. */
export function trackDisruptionBudgets(store: ObjectStore): () => void {
  const refresh = (budget: KubeObject): void => {
    const status = currentStatus(store, budget);
    store.mutate(
      'PodDisruptionBudget',
      budget.metadata.namespace,
      budget.metadata.name,
      (draft) => {
        draft.status = status;
      },
      { subresource: 'status' },
    );
  };
  return store.subscribe((change) => {
    if (change.object.kind === 'PodDisruptionBudget' && change.type !== 'DELETED') refresh(change.object);
    if (change.object.kind === 'Pod' && movesHealth(change)) budgetsOf(store, change.object).forEach(refresh);
  });
}

const movesHealth = ({ type, object, previous }: Change): boolean =>
  type !== 'MODIFIED' || previous === undefined || isHealthy(previous) !== isHealthy(object);
