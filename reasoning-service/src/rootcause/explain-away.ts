import type { CallGraph } from './call-graph.ts';

/** What is left of each node's loss when its callees' losses are taken off it: their waiting is also its waiting. */
export function explainAway(
  totals: ReadonlyMap<string, number>,
  graph: CallGraph,
  explained: number,
): Map<string, number> {
  const ofCallees = (entity: string) =>
    graph.callees(entity).reduce((total, callee) => total + (totals.get(callee) ?? 0), 0);
  return new Map([...totals].map(([entity, total]) => [entity, Math.max(0, total - explained * ofCallees(entity))]));
}
