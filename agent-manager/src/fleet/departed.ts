import type { Liveness } from './liveness.ts';

type Known = {
  id: string;
  cluster_id: string;
  status: Liveness;
  started_at: string | null;
  last_seen_at: string | null;
};

const isHeard = ({ status }: Known): boolean => status === 'online' || status === 'degraded';

/** When it began, as far as is known: an agent whose registration went astray is known by its signs of life alone. */
const beganAt = ({ started_at, last_seen_at }: Known): number => Date.parse(started_at ?? last_seen_at ?? '');

/**
 * Agents that are not heard and need not be: those of clusters that were shut out, and those in whose place a later one
 * of the same cluster is heard. Each pod is an agent of its own, so each replacement leaves one behind.
 */
export function departed<A extends Known>(agents: readonly A[], revoked: ReadonlySet<string>): A[] {
  const byCluster = Map.groupBy(agents.filter(isHeard), (agent) => agent.cluster_id);
  const isReplaced = (agent: A) =>
    (byCluster.get(agent.cluster_id) ?? []).some((other) => beganAt(other) > beganAt(agent));
  return agents.filter((agent) => revoked.has(agent.cluster_id) || (!isHeard(agent) && isReplaced(agent)));
}
