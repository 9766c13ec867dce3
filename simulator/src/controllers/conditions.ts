import type { Condition } from './types.ts';

/** The condition of a type, if it is there. */
export const conditionOf = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((condition) => condition.type === type);

/** The conditions with one put in; its transition time moves only when its status does. */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  wanted: Condition,
  now: string,
): Condition[] {
  const present = conditionOf(conditions, wanted.type);
  const lastTransitionTime = present?.status === wanted.status ? (present.lastTransitionTime ?? now) : now;
  const next = { ...wanted, lastTransitionTime };
  if (present === undefined) return [...(conditions ?? []), next];
  return (conditions ?? []).map((condition) => (condition.type === wanted.type ? next : condition));
}

/** The conditions without one type. */
export const withoutCondition = (conditions: readonly Condition[] | undefined, type: string): Condition[] =>
  (conditions ?? []).filter((condition) => condition.type !== type);
