/** A fleet to be sized: what goes in, and nothing else is looked at. */
export type FleetSize = { clusters: number; nodes: number; pods: number; eventsPerMinute: number };

/** What the benches measured, as far as the plan needs it; all of one small machine. */
export type Measured = {
  cpuMsPer1000Events: Record<string, number>;
  rssMib: Record<string, number>;
  cpuMsPer1000Requests: Record<string, number>;
  mibPerMillionEvents: number;
  /** The most events a second that a whole fleet was seen to work off. */
  drainPerSecond: number;
  /** An agent's memory, and the pods of its cluster then. */
  agent?: { rssMib: number; pods: number };
};

/** What the plan takes for granted; each stands above the table. */
export const assumed = {
  /** The busiest minute has so many times the events of the average one. */
  peak: 5,
  /** A process is planned to be busy for this share of its time in that minute. */
  busy: 0.5,
  /** More memory than was measured, and more disk than the rows of events take. */
  memory: 1.5,
  disk: 1.5,
  /** Requests of people and programs to the API, in a second. */
  requestsPerSecond: 10,
  /** From so many clusters on there are two of each service and three servers of the bus, so that one may be lost. */
  doubledFrom: 10,
} as const;

/** What one part needs: `cpu` and `memoryMib` of each replica. */
export type PartSize = { replicas: number; cpu: number; memoryMib: number };

/** What a fleet needs. */
export type Plan = {
  services: Record<'agent-manager' | 'orchestrator-service' | 'reasoning-service', PartSize>;
  nats: PartSize;
  postgres: PartSize & { diskGib: number };
  agentMib: number | undefined;
  /** Whether more is asked of it at its peak than was ever measured. */
  beyond: boolean;
};

const roundUp = (value: number, step: number): number => Math.ceil(value / step - 1e-9) * step;
const DAY_MINUTES = 1_440;

/** Sizes a fleet from what was measured, in proportion to its events; what nobody measured is no part of it. */
export function planFleet(fleet: FleetSize, measured: Measured, retentionDays: number): Plan {
  const eventsPerSecond = (fleet.eventsPerMinute / 60) * assumed.peak;
  const least = fleet.clusters >= assumed.doubledFrom ? 2 : 1;
  const cores = (name: string): number => {
    const forEvents = ((measured.cpuMsPer1000Events[name] ?? 0) * eventsPerSecond) / 1e6;
    const forRequests = ((measured.cpuMsPer1000Requests[name] ?? 0) * assumed.requestsPerSecond) / 1e6;
    return (forEvents + forRequests) / assumed.busy;
  };
  const memoryMib = (name: string): number => roundUp((measured.rssMib[name] ?? 0) * assumed.memory, 64);
  // A process of ours has one core's worth of work to give; Postgres and the bus have more.
  const service = (name: string): PartSize => {
    const replicas = Math.max(least, Math.ceil(cores(name)));
    return { replicas, cpu: roundUp(Math.max(0.1, cores(name) / replicas), 0.1), memoryMib: memoryMib(name) };
  };
  const server = (name: string, replicas: number): PartSize => ({
    replicas,
    cpu: roundUp(Math.max(0.1, cores(name)), 0.1),
    memoryMib: memoryMib(name),
  });
  const storedMib = ((fleet.eventsPerMinute * DAY_MINUTES * retentionDays) / 1e6) * measured.mibPerMillionEvents;
  const { agent } = measured;
  return {
    services: {
      'agent-manager': service('agent-manager'),
      'orchestrator-service': service('orchestrator-service'),
      'reasoning-service': service('reasoning-service'),
    },
    nats: server('nats', least === 1 ? 1 : 3),
    postgres: { ...server('postgres', 1), diskGib: Math.max(1, Math.ceil((storedMib * assumed.disk) / 1_024)) },
    agentMib:
      agent !== undefined && fleet.pods / fleet.clusters <= agent.pods
        ? roundUp(agent.rssMib * assumed.memory, 64)
        : undefined,
    beyond: eventsPerSecond > measured.drainPerSecond,
  };
}
