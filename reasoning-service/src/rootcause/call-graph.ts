import type { Call } from './series.ts';

export type CallGraph = {
  callees: (entity: string) => readonly string[];
  callers: (entity: string) => readonly string[];
};

const grouped = (calls: readonly Call[], from: keyof Call, to: keyof Call): Map<string, string[]> => {
  const groups = new Map<string, Set<string>>();
  for (const call of calls)
    if (call[from] !== call[to]) groups.set(call[from], (groups.get(call[from]) ?? new Set<string>()).add(call[to]));
  return new Map([...groups].map(([name, others]) => [name, [...others].sort()]));
};

/** Who calls whom, without calls to oneself. */
export function callGraph(calls: readonly Call[]): CallGraph {
  const down = grouped(calls, 'caller', 'callee');
  const up = grouped(calls, 'callee', 'caller');
  return { callees: (entity) => down.get(entity) ?? [], callers: (entity) => up.get(entity) ?? [] };
}

/** Everything the entity calls, directly or not, itself left out; `through` says which nodes are walked into. */
export function reachable(graph: CallGraph, from: string, through: (entity: string) => boolean = () => true): string[] {
  const seen = new Set([from]);
  const open = [from];
  for (let entity = open.pop(); entity !== undefined; entity = open.pop()) {
    for (const callee of graph.callees(entity)) {
      if (seen.has(callee) || !through(callee)) continue;
      seen.add(callee);
      open.push(callee);
    }
  }
  seen.delete(from);
  return [...seen].sort();
}
