import { Heartbeat, Timestamp } from '@aetherius/shared/contracts';
import { z } from 'zod';

/** The last sign of life of an agent, by our clock. */
export const Sighting = z.object({ at: Timestamp, heartbeat: Heartbeat });
export type Sighting = z.infer<typeof Sighting>;

/** An agent's id is its own choice; together with the cluster that the bus vouches for it is unique. */
export type AgentKey = { cluster_id: string; id: string };
export const keyOf = ({ cluster_id, id }: AgentKey): string => `${cluster_id}/${id}`;

/** Where liveness is kept: it may be lost, for the next heartbeats bring it back. */
export type LivenessCache = {
  seen(sighting: Sighting): Promise<void>;
  /** By the agents' `keyOf`. */
  read(agents: readonly AgentKey[]): Promise<Map<string, Sighting>>;
  state(): Promise<string>;
  /** Bytes that the store takes and may take; null where nobody can tell. */
  memory(): Promise<{ used: number | null; limit: number | null }>;
  stop(): Promise<void>;
};

/** Liveness of a manager that is alone. */
export function createMemoryLivenessCache(): LivenessCache {
  const sightings = new Map<string, Sighting>();
  return {
    seen: async (sighting) => {
      sightings.set(sightingKey(sighting), sighting);
    },
    read: async (agents) => new Map(agents.map(keyOf).flatMap((key) => entry(key, sightings.get(key)))),
    state: async () => 'ok',
    memory: async () => ({ used: null, limit: null }),
    stop: async () => sightings.clear(),
  };
}

/** The key of the agent that was seen. */
export const sightingKey = ({ heartbeat: { cluster_id, agent_id } }: Sighting): string =>
  keyOf({ cluster_id, id: agent_id });

const entry = (key: string, sighting: Sighting | undefined): [string, Sighting][] =>
  sighting === undefined ? [] : [[key, sighting]];
