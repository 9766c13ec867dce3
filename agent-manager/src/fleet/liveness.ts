import type { Heartbeat } from '@aetherius/shared/contracts';

/** How an agent, or a cluster by its agents, is doing. */
export const livenessStates = ['online', 'degraded', 'offline', 'never'] as const;
export type Liveness = (typeof livenessStates)[number];

/** After this silence an agent counts as gone. */
export const OFFLINE_AFTER_MS = 60_000;

type Signs = { last_seen_at: string | null; reported: Heartbeat['status'] | null };

/** What the last sign of life means now; `last_seen_at` is our own clock's, never the agent's. */
export function liveness({ last_seen_at, reported }: Signs, now: Date): Liveness {
  if (last_seen_at === null) return 'never';
  if (now.getTime() - Date.parse(last_seen_at) > OFFLINE_AFTER_MS) return 'offline';
  return reported === 'degraded' ? 'degraded' : 'online';
}

/** A cluster is as well as the best of its agents: one leads, the others stand by. */
export const clusterLiveness = (agents: readonly Liveness[]): Liveness =>
  livenessStates.find((state) => agents.includes(state)) ?? 'never';
