import { type Json, type JsonObject, parseQuantity } from '@aetherius/shared/contracts';
import type { NoPlan } from '../../change-plan.ts';
import type { FieldChange } from '../field-change.ts';
import { NOT_UNDONE, objectAt, type Replacement, valueAt } from '../replace-at.ts';

/** No order moves a figure further than this at once; whoever needs more has found another fault. */
const FACTOR = 2;
const outOfBounds: NoPlan = { problem: 'out_of_bounds' };

const figure = (value: Json | undefined): number | undefined =>
  typeof value === 'number' ? value : parseQuantity(typeof value === 'string' ? value : undefined);

const STORAGE = ['spec', 'resources', 'requests', 'storage'] as const;

/** Asks for a larger volume: bound, of a class that can grow it, and at most twice what it is. */
export function growClaim(
  claim: JsonObject,
  { storage }: { storage: string },
  storageClass: JsonObject | undefined,
): Replacement | NoPlan {
  if (valueAt(claim, ['status', 'phase']) !== 'Bound') return { problem: 'claim_not_bound' };
  if (valueAt(storageClass, ['allowVolumeExpansion']) !== true) return { problem: 'class_does_not_expand' };
  const [now, wanted] = [figure(valueAt(claim, STORAGE)), figure(storage)];
  if (now === undefined || wanted === undefined) return { problem: 'no_such_value' };
  if (wanted <= now) return { problem: 'volumes_only_grow' };
  return wanted > FACTOR * now ? outOfBounds : { path: STORAGE, next: storage, undo: NOT_UNDONE };
}

const HARD = ['spec', 'hard'] as const;

/** Sets what a quota counts already, within half and twice of what it is. */
export const setQuota: FieldChange<'set_quota'> = (body, { hard }) => {
  const current = objectAt(body, HARD);
  const former: JsonObject = {};
  for (const [name, value] of Object.entries(hard)) {
    const [now, wanted] = [figure(current[name]), figure(value)];
    if (now === undefined || wanted === undefined) return { problem: 'not_counted' };
    if (wanted > now * FACTOR || wanted < now / FACTOR) return outOfBounds;
    former[name] = String(current[name]);
  }
  return {
    path: HARD,
    next: { ...current, ...hard },
    undo: { action: 'set_quota', parameters: { hard: former } },
  };
};

/** How few and how many replicas an autoscaler may choose. */
export const setAutoscalerBounds: FieldChange<'set_autoscaler_bounds'> = (body, { min_replicas, max_replicas }) => {
  if (min_replicas === undefined && max_replicas === undefined) return { problem: 'nothing_to_set' };
  const spec = objectAt(body, ['spec']);
  const now = { min: figure(spec['minReplicas']) ?? 1, max: figure(spec['maxReplicas']) ?? 1 };
  const next = { min: min_replicas ?? now.min, max: max_replicas ?? now.max };
  if (next.min > next.max || next.max > now.max * FACTOR) return outOfBounds;
  return {
    path: ['spec'],
    next: { ...spec, minReplicas: next.min, maxReplicas: next.max },
    undo: {
      action: 'set_autoscaler_bounds',
      parameters: {
        ...(min_replicas === undefined ? {} : { min_replicas: now.min }),
        ...(max_replicas === undefined ? {} : { max_replicas: now.max }),
      },
    },
  };
};

/** Budgets that let everything go. */
const protectsNothing = ({ min_available, max_unavailable }: Record<string, Json | undefined>): boolean =>
  min_available === 0 || min_available === '0%' || max_unavailable === '100%';

/** How many pods of a set may be away at once; a budget that protects nothing would only look like one. */
export const setDisruptionBudget: FieldChange<'set_disruption_budget'> = (body, { min_available, max_unavailable }) => {
  if (protectsNothing({ min_available, max_unavailable })) return { problem: 'budget_without_protection' };
  const { minAvailable, maxUnavailable, ...rest } = objectAt(body, ['spec']);
  const former: JsonObject | undefined =
    minAvailable !== undefined
      ? { min_available: minAvailable }
      : maxUnavailable !== undefined
        ? { max_unavailable: maxUnavailable }
        : undefined;
  return {
    path: ['spec'],
    next: {
      ...rest,
      ...(min_available === undefined ? {} : { minAvailable: min_available }),
      ...(max_unavailable === undefined ? {} : { maxUnavailable: max_unavailable }),
    },
    undo:
      former === undefined || protectsNothing(former)
        ? NOT_UNDONE
        : { action: 'set_disruption_budget', parameters: former },
  };
};
