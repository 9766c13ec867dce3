import { type Heartbeat, Severity } from '@aetherius/shared/contracts';
import { exposeFigures, Gauge, type Registry } from '@aetherius/shared/metrics';
import type { Db } from '@aetherius/shared/postgres';
import { readManagerFigures } from './figures-view.ts';
import type { Agent, Fleet } from './fleet/fleet.ts';
import { agesOf, versionsOf } from './fleet/fleet-figures.ts';
import { livenessStates } from './fleet/liveness.ts';
import type { LivenessCache } from './fleet/liveness-cache.ts';
import { exposeIncidents } from './incidents/incident-gauges.ts';
import type { IncidentView } from './incidents/incident-view.ts';

type Deps = {
  metrics: Registry;
  db: Db;
  fleet: Fleet;
  cache: Pick<LivenessCache, 'memory'>;
  view: IncidentView;
  now: () => Date;
};
type Labelled = { name: string; help: string; label: string; figures: () => Promise<[string, number][]> };

const tables = {
  clusters: ['aetherius_manager_clusters', 'Known clusters that were not revoked'],
  unattended: ['aetherius_manager_incidents_unattended', 'Open incidents that no run has taken up'],
  unattended_oldest: [
    'aetherius_manager_incidents_unattended_oldest_seconds',
    'Age of the oldest open incident that no run has taken up',
  ],
  escalated: ['aetherius_manager_incidents_escalated', 'Open incidents that wait for a person'],
  faint: ['aetherius_manager_signals_faint', 'Things that were heard of and are too weak to be incidents'],
  commands_waiting: ['aetherius_manager_commands_waiting', 'Commands of people whose result has not come'],
  token_expiry: [
    'aetherius_manager_api_token_expiry_timestamp_seconds',
    'When the next API token runs out; absent when none does',
  ],
  stray_days: ['aetherius_manager_events_stray', 'Events of days that had no partition'],
  foreseen: ['aetherius_manager_incidents_foreseen', 'Open incidents of a limit that is foretold and of nothing else'],
  backup_age: [
    'aetherius_manager_backup_age_seconds',
    'Time since the last backup that succeeded, or since the database was made where there is none',
  ],
  backup_failed: ['aetherius_manager_backup_failed', 'Whether a backup failed and none has succeeded since'],
} as const;

const beats = {
  silence: ['aetherius_manager_agent_silence_seconds', 'How long the agent that was heard longest ago has been silent'],
  spooled: ['aetherius_manager_agent_spooled_messages', 'Messages that wait on agents, as their heartbeats say'],
  spool_oldest: [
    'aetherius_manager_agent_spool_oldest_seconds',
    'Age of the oldest message that waits on any agent, as their heartbeats say',
  ],
  problems: ['aetherius_manager_agent_problems', 'Problems that agents tell in their heartbeats'],
} as const;

const redis = {
  used: ['aetherius_redis_memory_bytes', 'Memory that Redis takes; absent without Redis'],
  limit: ['aetherius_redis_memory_limit_bytes', 'Memory that Redis may take; absent where it names no maxmemory'],
} as const;

/** Figures that are true at the moment of a scrape. */
export function registerGauges({ metrics, db, fleet, cache, view, now }: Deps): void {
  exposeFigures({ metrics, names: tables, read: () => readManagerFigures(db) });
  exposeFigures({ metrics, names: redis, read: cache.memory });
  exposeIncidents({ metrics, db });
  exposeFigures({ metrics, names: beats, read: async () => beatFigures(await fleet.expected(), now()) });
  exposeLabelled(metrics, {
    name: 'aetherius_manager_incidents_open',
    help: 'Incidents that are open now',
    label: 'severity',
    figures: async () => {
      const counts = new Map((await view.open()).map((row) => [row.severity, row.count]));
      return Severity.options.map((severity) => [severity, counts.get(severity) ?? 0]);
    },
  });
  exposeLabelled(metrics, {
    name: 'aetherius_manager_agents',
    help: 'Agents by how they are doing; without those that another took the place of, and those of revoked clusters',
    label: 'status',
    figures: async () => {
      const all = await fleet.expected();
      return livenessStates.map((status) => [status, all.filter((agent) => agent.status === status).length]);
    },
  });
  exposeLabelled(metrics, {
    name: 'aetherius_manager_agent_versions',
    help: 'Agents by version; the most common ones have their name',
    label: 'version',
    figures: async () => versionsOf(await fleet.expected()),
  });
  exposeLabelled(metrics, {
    name: 'aetherius_manager_agents_last_seen',
    help: 'Agents by the age of their last sign of life, each under the least that holds',
    label: 'within',
    figures: async () => agesOf(await fleet.expected(), now()),
  });
}

function beatFigures(agents: readonly Agent[], now: Date) {
  const heard = agents.flatMap(({ last_seen_at }) => (last_seen_at === null ? [] : [Date.parse(last_seen_at)]));
  const beating = agents.flatMap(({ heartbeat }) => (heartbeat === null ? [] : [heartbeat]));
  return {
    silence: heard.length === 0 ? null : Math.max(0, now.getTime() - Math.min(...heard)) / 1000,
    ...(beating.length === 0 ? untold : toldBy(beating)),
  };
}

/** Without a heartbeat, for want of agents or of the cache that holds them, nobody knows: that is no zero. */
const untold = { spooled: null, spool_oldest: null, problems: null };

function toldBy(beating: readonly Heartbeat[]) {
  const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
  return {
    spooled: sum(beating.map(({ queues }) => (queues['spooled_events'] ?? 0) + (queues['spooled_results'] ?? 0))),
    spool_oldest: Math.max(0, ...beating.map(({ queues }) => queues['spool_oldest_seconds'] ?? 0)),
    problems: sum(beating.map(({ problems }) => problems.length)),
  };
}

const exposeLabelled = (metrics: Registry, { name, help, label, figures }: Labelled) =>
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [metrics],
    async collect() {
      this.reset();
      // Without the database there is no figure, but the rest of the scrape still has to come through.
      for (const [value, count] of await figures().catch(() => [])) this.set({ [label]: value }, count);
    },
  });
