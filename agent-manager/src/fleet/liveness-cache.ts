import { Heartbeat, Timestamp } from '@aetherius/shared/contracts';
import { z } from 'zod';

/** The last sign of life of an agent, by our clock. */
export const Sighting = z.object({ at: Timestamp, heartbeat: Heartbeat });
export type Sighting = z.infer<typeof Sighting>;

/** Where liveness is kept: it may be lost, for the next heartbeats bring it back. */
export type LivenessCache = {
  seen(sighting: Sighting): Promise<void>;
  read(agentIds: readonly string[]): Promise<Map<string, Sighting>>;
  state(): Promise<string>;
  stop(): Promise<void>;
};

/** Liveness of a manager that is alone. */
export function createMemoryLivenessCache(): LivenessCache {
  const sightings = new Map<string, Sighting>();
  return {
    seen: async (sighting) => {
      sightings.set(sighting.heartbeat.agent_id, sighting);
    },
    read: async (agentIds) => new Map(agentIds.flatMap((id) => entry(id, sightings.get(id)))),
    state: async () => 'ok',
    stop: async () => sightings.clear(),
  };
}

const entry = (id: string, sighting: Sighting | undefined): [string, Sighting][] =>
  sighting === undefined ? [] : [[id, sighting]];
