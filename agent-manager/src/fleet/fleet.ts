import {
  AgentSettings,
  channels,
  clusterOf,
  type Event,
  type Heartbeat,
  unstorable,
} from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import type { Registry } from '@aetherius/shared/metrics';
import type { Nats } from '@aetherius/shared/nats';
import type { z } from 'zod';
import type { AgentRow, AgentStore, ClusterRow, Seen } from './agent-store.ts';
import { departed } from './departed.ts';
import { clusterLiveness, type Liveness, liveness } from './liveness.ts';
import { keyOf, type LivenessCache, type Sighting } from './liveness-cache.ts';
import { createRegistrationMetrics } from './registration-metrics.ts';
import { silenceEvents, type Watched } from './silence.ts';

const HEARTBEAT_INTERVAL = '10s';
/** For so long one can still look at an agent that another took the place of. */
const DEPARTED_KEPT_MS = 86_400_000;

/** An agent with what it last said of itself. */
export type Agent = AgentRow & { status: Liveness; heartbeat: Heartbeat | null };
export type Cluster = Omit<ClusterRow, 'silent'> & {
  agent_status: Liveness;
  agents: number;
  last_seen_at: string | null;
};

type Watching = { record: (events: Event[]) => Promise<unknown>; judging: boolean };
type Deps = { agents: AgentStore; cache: LivenessCache; now: () => Date };

/** Who is out there, and who has fallen silent. */
export type Fleet = ReturnType<typeof createFleet>;

export function createFleet({ agents, cache, now }: Deps) {
  let unsaved = new Map<string, Seen>();
  const withSigns = async (rows: AgentRow[]): Promise<Agent[]> => {
    const sightings = await cache.read(rows);
    return rows.map((row) => described(row, sightings.get(keyOf(row)), now()));
  };
  const listClusters = async (rows: ClusterRow[], all: Agent[]): Promise<(Cluster & { silent: boolean })[]> => {
    const byCluster = Map.groupBy(all, (agent) => agent.cluster_id);
    return rows.map((row) => summed(row, byCluster.get(row.id) ?? []));
  };
  return {
    register: (agent: z.infer<typeof channels.register.body>) => agents.register(agent, now()),
    beat: async (heartbeat: Heartbeat): Promise<void> => {
      const at = now().toISOString();
      const { agent_id, cluster_id } = heartbeat;
      unsaved.set(keyOf({ cluster_id, id: agent_id }), { agent_id, cluster_id, at });
      await cache.seen({ at, heartbeat });
    },
    agents: async () => withSigns(await agents.agents()),
    /** The agents whose silence means something. */
    expected: async () => {
      const all = await withSigns(await agents.agents());
      const gone = new Set(departed(all, await agents.revoked()));
      return all.filter((agent) => !gone.has(agent));
    },
    agent: async (id: string) => {
      const row = await agents.agent(id);
      return row && (await withSigns([row]))[0];
    },
    remove: agents.remove,
    clusters: async (): Promise<Cluster[]> =>
      (await listClusters(await agents.clusters(), await withSigns(await agents.agents()))).map(publicly),
    cluster: async (id: string): Promise<Cluster | undefined> => {
      const row = await agents.cluster(id);
      if (row === undefined) return undefined;
      return (await listClusters([row], await withSigns(await agents.agentsOf(id)))).map(publicly)[0];
    },
    /** Keeps the signs of life of this round and, once it may judge, records what silence there is. */
    watch: async ({ record, judging }: Watching): Promise<void> => {
      const round = unsaved;
      unsaved = new Map();
      await agents.keepSeen([...round.values()]);
      if (!judging) return;
      const all = await withSigns(await agents.agents());
      const clusters = await listClusters(await agents.clusters(), all);
      const events = silenceEvents(clusters.flatMap(watched), now());
      if (events.length > 0) await record(events);
      const revoked = new Set(clusters.flatMap(({ id, revoked_at }) => (revoked_at === null ? [] : [id])));
      const before = new Date(now().getTime() - DEPARTED_KEPT_MS);
      const gone = departed(all, revoked).filter(({ last_seen_at }) => isBefore(last_seen_at, before));
      if (gone.length > 0)
        await agents.forget(
          gone.map(({ id, cluster_id }) => ({ id, cluster_id })),
          before,
        );
    },
  };
}

const isBefore = (at: string | null, moment: Date): boolean => at !== null && Date.parse(at) < moment.getTime();

const latest = (a: string | null, b: string | null | undefined): string | null => {
  if (a === null || b == null) return a ?? b ?? null;
  return Date.parse(a) > Date.parse(b) ? a : b;
};

function described(row: AgentRow, sighting: Sighting | undefined, now: Date): Agent {
  const last_seen_at = latest(row.last_seen_at, sighting?.at);
  const heartbeat = sighting?.heartbeat ?? null;
  return {
    ...row,
    last_seen_at,
    heartbeat,
    status: liveness({ last_seen_at, reported: heartbeat?.status ?? null }, now),
  };
}

function summed(row: ClusterRow, agents: Agent[]): Cluster & { silent: boolean } {
  return {
    ...row,
    agents: agents.length,
    agent_status: clusterLiveness(agents.map((agent) => agent.status)),
    last_seen_at: agents.reduce<string | null>((last, agent) => latest(last, agent.last_seen_at), null),
  };
}

const publicly = ({ silent: _silent, ...cluster }: Cluster & { silent: boolean }): Cluster => cluster;

/** The silence of a cluster that was shut out is nobody's concern. */
const watched = ({ id, last_seen_at, silent, revoked_at }: Cluster & { silent: boolean }): Watched[] =>
  last_seen_at === null || revoked_at !== null ? [] : [{ cluster_id: id, last_seen_at, silent }];

type Listening = { nats: Nats; fleet: Fleet; metrics: Registry; log: Logger };
type Spoken = { subject: string; body: { cluster_id: string } };

/** What is wrong with a message of an agent: the cluster in the subject is the one that the bus vouches for. */
function objection({ subject, body }: Spoken): string | undefined {
  if (clusterOf(subject) !== body.cluster_id) return `cluster_id: is not the cluster of the subject ${subject}`;
  const field = unstorable(body);
  return field === undefined ? undefined : `${field}: holds text that cannot be stored`;
}

/** Hears registrations and heartbeats. */
export function listenToAgents({ nats, fleet, metrics, log }: Listening): { stop(): Promise<void> } {
  const { register, heartbeat } = channels;
  const figures = createRegistrationMetrics(metrics);
  const registrations = nats.listen(register.pattern, register.body, async (body, { subject }) => {
    figures.attempts.inc();
    const error = objection({ subject, body });
    if (error !== undefined) {
      figures.failures.inc();
      return { error };
    }
    await fleet.register(body).catch((cause: unknown) => {
      figures.failures.inc();
      throw cause;
    });
    figures.registered.inc();
    log.info({ agent_id: body.agent_id, cluster_id: body.cluster_id, version: body.version }, 'an agent registered');
    return AgentSettings.parse({ status: 'registered', heartbeat_interval: HEARTBEAT_INTERVAL });
  });
  const heartbeats = nats.listen(heartbeat.pattern, heartbeat.body, async (body, { subject }) => {
    const problem = objection({ subject, body });
    if (problem === undefined) await fleet.beat(body);
    else log.warn({ subject, problem }, 'a heartbeat was not believed');
    return undefined;
  });
  return {
    stop: async () => {
      await Promise.all([registrations.stop(), heartbeats.stop()]);
    },
  };
}
