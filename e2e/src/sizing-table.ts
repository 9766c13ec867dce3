import { streams } from '@aetherius/shared/contracts';
import { z } from 'zod';
import { retentionVariables } from '../../agent-manager/src/retention.ts';
import type { Records } from './benchmark-report.ts';
import { assumed, type FleetSize, type Measured, type PartSize, planFleet } from './sizing-plan.ts';

const Costs = z.record(z.string(), z.number());
const Fleet = z.object({ cpu_ms_per_1000_events: Costs, rss_mib: Costs, drain_per_s: z.number() });
const Api = z.object({ cpu_ms_per_1000_requests: Costs, mib_per_million_events: z.number() });
const Agent = z.object({ pods: z.number(), rss_mib: z.number() });
const Detection = z.object({
  cpu_us_per_point: z.object({ service: z.number(), postgres: z.number() }),
  bytes_per_series: z.object({ memory: z.number(), stored: z.number() }),
});

/** The last is the load that a release has to bear. */
const fleets: readonly FleetSize[] = [
  { clusters: 1, nodes: 5, pods: 200, eventsPerMinute: 20 },
  { clusters: 10, nodes: 100, pods: 3_000, eventsPerMinute: 200 },
  { clusters: 50, nodes: 1_000, pods: 20_000, eventsPerMinute: 1_000 },
  { clusters: 200, nodes: 4_000, pods: 100_000, eventsPerMinute: 6_000 },
  { clusters: 1_000, nodes: 10_000, pods: 300_000, eventsPerMinute: 60_000 },
];
const SAMPLED_EVERY_SECONDS = 30;

const retentionDays = retentionVariables.RETENTION_EVENTS_DAYS.parse(undefined);
const busGib = streams.reduce((sum, { max_bytes: bytes }) => sum + bytes, 0) / 1024 ** 3;
const amount = (value: number): string => Math.round(value).toLocaleString('en');
const part = ({ replicas, cpu, memoryMib }: PartSize): string =>
  `${replicas} × ${cpu.toFixed(1)} cores, ${amount(memoryMib)} MiB`;

/** What of the benches the plan stands on; undefined without the fleet's or the API's. */
function measuredIn(records: Records): Measured | undefined {
  const fleet = Fleet.safeParse(records['bench:fleet']?.figures);
  const api = Api.safeParse(records['bench:api']?.figures);
  const agent = Agent.safeParse(records['bench:agent']?.figures);
  if (!fleet.success || !api.success) return undefined;
  return {
    cpuMsPer1000Events: fleet.data.cpu_ms_per_1000_events,
    rssMib: fleet.data.rss_mib,
    drainPerSecond: fleet.data.drain_per_s,
    cpuMsPer1000Requests: api.data.cpu_ms_per_1000_requests,
    mibPerMillionEvents: api.data.mib_per_million_events,
    ...(agent.success ? { agent: { pods: agent.data.pods, rssMib: agent.data.rss_mib } } : {}),
  };
}

function row(fleet: FleetSize, measured: Measured): string {
  const { services, nats, postgres, agentMib, beyond } = planFleet(fleet, measured, retentionDays);
  const cells = [
    `${amount(fleet.clusters)} ${fleet.clusters === 1 ? 'cluster' : 'clusters'}, ${amount(fleet.nodes)} nodes, ${amount(fleet.pods)} pods`,
    `${amount(fleet.eventsPerMinute)}${beyond ? ' †' : ''}`,
    ...Object.values(services).map(part),
    `${part(nats)}, ${amount(busGib)} GiB`,
    `${part(postgres)}, ${amount(postgres.diskGib)} GiB`,
    agentMib === undefined ? 'not measured' : `${amount(agentMib)} MiB`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function metricsLine(records: Records): string {
  const { success, data } = Detection.safeParse(records['bench:detection']?.figures);
  if (!success) return 'What watched metrics cost is not measured so far: `npm run bench:detection`.';
  const cores = (us: number) => ((us * 1_000) / SAMPLED_EVERY_SECONDS / 1e6).toFixed(3);
  const { cpu_us_per_point: cpu, bytes_per_series: bytes } = data;
  return `Metrics come on top: every 1,000 series with a point each ${SAMPLED_EVERY_SECONDS} s take ${cores(cpu.service)} cores and ${amount((bytes.memory * 1_000) / 1024 ** 2)} MiB of the reasoning-service, and ${cores(cpu.postgres)} cores and ${amount((bytes.stored * 1_000) / 1024 ** 2)} MiB of disk of Postgres.`;
}

const list = (lines: readonly string[]): string[] => lines.map((line) => `- ${line}`);

/** From the size of a fleet to what it needs, with all that was assumed; undefined where the benches do not say enough. */
export function planTable(records: Records): string | undefined {
  const measured = measuredIn(records);
  if (measured === undefined) return undefined;
  return [
    `What fleets need, reckoned from these figures in proportion. Events a minute are the average; count yours with \`rate(aetherius_manager_events_total[1h]) * 60\`.`,
    '',
    '| fleet | events a minute | agent-manager | orchestrator-service | reasoning-service | NATS, disk of each | Postgres, disk | agent of each cluster |',
    '|---|---|---|---|---|---|---|---|',
    ...fleets.map((fleet) => row(fleet, measured)),
    '',
    `Assumed, and not measured:`,
    '',
    ...list([
      `the busiest minute has ${assumed.peak} times the average, and a process is planned to be busy for ${assumed.busy * 100} % of it; † is more than the ${amount(measured.drainPerSecond)} events a second that a fleet was seen to work off;`,
      `cost goes up with events and requests alone, of which the API has ${assumed.requestsPerSecond} a second; a core is one of the machine of the benches. Nodes and pods count only through their events, and an agent's pods as all clusters being alike;`,
      `memory is ${assumed.memory} times that of the fleet of the bench, for smaller ones too; Postgres gains from as much more as there is;`,
      `events are kept for ${retentionDays} days, with ${assumed.disk} times their size for all else in the database: how much incidents, runs and the log of the database take was not measured;`,
      `disk of the bus is what all its streams can ever hold; bytes for each event there were not measured. With ${assumed.doubledFrom} clusters and more there are two of each service and three servers of the bus, so that one can be lost; what copying between the three costs was not measured.`,
    ]),
    '',
    metricsLine(records),
    '',
  ].join('\n');
}
