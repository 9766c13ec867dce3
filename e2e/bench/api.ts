import { type Db, sql } from '@aetherius/shared/postgres';
import { createRandom } from '@aetherius/simulator';
import { type RequestKind, requestKinds } from './api-requests.ts';
import { p50AndP99, quantile, rounded } from './latency.ts';
import { type MeasuredFleet, onMeasuredFleet } from './measured-fleet.ts';
import { evenly, runOpenLoop } from './open-loop.ts';
import { cpuPerThousand, processCosts } from './process-cost.ts';
import { printFigures, runBench, say } from './report.ts';
import { seedStore } from './seeded-store.ts';

const flags = {
  numbers: {
    rows: { default: 1_000_000, min: 1_000, max: 20_000_000 },
    incidents: { default: 20_000, min: 1_000, max: 1_000_000 },
    rate: { default: 100, min: 1, max: 10_000 },
    seconds: { default: 60, min: 1, max: 3_600 },
  },
};
const SEED = 11;
/** Each kind a few times before anything counts: caches and plans are cold once in the life of a service. */
const WARM_UP_SECONDS = 5;
const RAW_READS = 300;

type Options = Record<keyof typeof flags.numbers, number>;
type Asked = { latencies: Map<string, number[]>; failures: string[] };
type Asking = { kinds: readonly RequestKind[]; rate: number; seconds: number; signal: AbortSignal };

/** Sends requests of all kinds in turn at a steady rate, however long the answers take. */
async function ask({ kinds, rate, seconds, signal }: Asking): Promise<Asked> {
  const random = createRandom(SEED);
  const asked: Asked = { latencies: new Map(kinds.map(({ name }) => [name, []])), failures: [] };
  const under: Promise<void>[] = [];
  const start = (index: number, dueAt: number) => {
    const kind = kinds[index % kinds.length];
    if (kind === undefined) return;
    const one = kind.send(random).then(
      () => void asked.latencies.get(kind.name)?.push(performance.now() - dueAt),
      (error: Error) => void asked.failures.push(`${kind.name}: ${error.message}`),
    );
    under.push(one);
  };
  await runOpenLoop({ due: evenly({ perSecond: rate, seconds }), start, now: () => performance.now(), signal });
  await Promise.all(under);
  return asked;
}

/** What the newest page costs the store alone, asked for one after the other. */
async function rawReads(db: Db) {
  const took: number[] = [];
  for (let index = 0; index < RAW_READS; index += 1) {
    const from = performance.now();
    await db.many(sql`select * from event order by timestamp desc, id desc limit 50`);
    took.push(performance.now() - from);
  }
  return { raw_page_p50_ms: rounded(quantile(took, 0.5)), raw_page_p99_ms: rounded(quantile(took, 0.99)) };
}

/** What the events and their indices take on disk, all days together. */
const eventMib = async (db: Db): Promise<number> => {
  const { mib } = await db.one<{ mib: number }>(
    sql`select (sum(pg_total_relation_size(inhrelid)) / 1048576)::float8 as mib from pg_inherits where inhparent = 'event'::regclass`,
  );
  return mib;
};

async function bench({ rows, incidents, rate, seconds }: Options, { fleet, db, pids, signal }: MeasuredFleet) {
  say(`${rows} events, ${incidents} incidents`);
  await seedStore(db, { rows, incidents });
  const raw = await rawReads(db);
  const kinds = await requestKinds(fleet, db);
  await ask({ kinds, rate: Math.min(rate, 50), seconds: WARM_UP_SECONDS, signal });
  say(`${rate} requests a second for ${seconds} s`);
  const before = processCosts(pids);
  const { latencies, failures } = await ask({ kinds, rate, seconds, signal });
  const after = processCosts(pids);
  for (const failure of new Set(failures)) say(failure);
  const p50 = (name: string) => quantile(latencies.get(name) ?? [], 0.5) ?? 0;
  const all = [...latencies.values()].flat();
  return {
    rows,
    incidents,
    requests_per_s: rate,
    requests: all.length,
    failed: failures.length,
    ...p50AndP99(all),
    deep_page_ratio: rounded(p50('events_deep') / p50('events'), 2),
    by_kind: Object.fromEntries([...latencies].map(([name, took]) => [name, p50AndP99(took)])),
    ...raw,
    mib_per_million_events: rounded((await eventMib(db)) / (rows / 1e6), 0),
    cpu_ms_per_1000_requests: cpuPerThousand(before, after, all.length + failures.length),
    rss_mib: after?.['agent-manager']?.rssMib ?? null,
  };
}

await runBench('bench:api', flags, async (options) => {
  await onMeasuredFleet(async (measured) => printFigures(await bench(options, measured)));
});
