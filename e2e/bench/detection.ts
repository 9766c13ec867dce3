import { randomBytes } from 'node:crypto';
import { type TestEnvironment, withTestBacking } from '@aetherius/local';
import { createLogger } from '@aetherius/shared/log';
import { type Db, migrate, openPool, sql } from '@aetherius/shared/postgres';
import { createObserver, type Observer } from '../../reasoning-service/src/detection/observer.ts';
import { createWatchStore } from '../../reasoning-service/src/detection/watch-store.ts';
import { takeBatch } from '../../reasoning-service/src/metrics/take-batch.ts';
import { batchesFrom, POINTS_OF_BATCH, timeOf } from './detection/made-series.ts';
import { bytesInUse, bytesOfFullWatch, cpuOf, longRun, saidOf } from './detection/single-process.ts';
import { rounded } from './latency.ts';
import { familyCpuMsOf, parentOf } from './process-usage.ts';
import { printFigures, runBench, say } from './report.ts';

const SCHEMA = 'reasoning_service';
const migrations = new URL('../../reasoning-service/migrations/', import.meta.url);
const RAW_SECONDS = 3;
/** Series whose findings are compared with those of a watch that was never interrupted. */
const COMPARED = 200;

const flags = {
  numbers: {
    series: { default: 5_000, min: 250, max: 5_000 },
    points: { default: 320, min: 260, max: 100_000 },
    long: { default: 1_000_000, min: 20_000, max: 100_000_000 },
  },
};
type Sizes = Record<keyof typeof flags.numbers, number>;

const process_ = (db: Db): Observer => createObserver({ db, store: createWatchStore(db), onAnomaly: () => undefined });

type Taking = { db: Db; observer: Observer; series: number };

/** Feeds all series from one row to another, as agents send them. */
async function take({ db, observer, series }: Taking, from: number, to: number): Promise<void> {
  for (let row = from; row < to; row += POINTS_OF_BATCH) {
    const points = Math.min(POINTS_OF_BATCH, to - row);
    for (const batch of batchesFrom(row, { series, points }))
      await takeBatch(batch, { db, observer, now: new Date(timeOf(row + points)) });
  }
}

/** What was told of the compared series, in the words of `saidOf`. */
async function toldOf(db: Db, series: number): Promise<string[]> {
  const told = await db.many<{ name: string; at: string; kind: string }>(
    sql`select body #>> '{subject,name}' as name, body ->> 'at' as at, body ->> 'kind' as kind from outbox`,
  );
  return told
    .map(({ name, at, kind }) => ({ of: Number(name.slice('app-'.length)), at: Date.parse(at), kind }))
    .filter(({ of }) => of < series)
    .map(({ of, at, kind }) => `${of} ${at} ${kind}`);
}

/** States of the same size that one caller writes to one table, each in a transaction of its own: what the store gives alone. */
async function rawUpserts(db: Db, bytes: number): Promise<number> {
  await db.run(sql`create table raw_state (id integer primary key, state bytea not null)`);
  await db.run(sql`alter table raw_state alter column state set storage external`);
  const state = randomBytes(bytes);
  const end = performance.now() + RAW_SECONDS * 1000;
  let written = 0;
  for (; performance.now() < end; written += 1)
    await db.run(
      sql`insert into raw_state values (${written % 1000}, ${state}) on conflict (id) do update set state = excluded.state`,
    );
  await db.run(sql`drop table raw_state`);
  return written / RAW_SECONDS;
}

async function bench(db: Db, { series, points, long }: Sizes): Promise<Record<string, unknown>> {
  const noise = { memory: bytesOfFullWatch(), ...longRun(long) };
  const detectorUs = await cpuOf(() => void Array.from({ length: 20 }, (_, one) => saidOf(one, 1_000)));
  const postgresPid = parentOf((await db.one<{ pid: number }>(sql`select pg_backend_pid() as pid`)).pid);
  const half = POINTS_OF_BATCH * Math.floor(points / 2 / POINTS_OF_BATCH);
  const empty = bytesInUse();
  let observer = process_(db);
  const [started, storeBefore] = [performance.now(), familyCpuMsOf(postgresPid)];
  const cpuUs = await cpuOf(() => take({ db, observer, series }, 0, half));
  say(`${series} series of ${half} points are known; now the process is killed`);
  const killed = performance.now();
  observer = process_(db);
  await take({ db, observer, series }, half, half + 1);
  const restart = performance.now() - killed;
  const again = await cpuOf(() => take({ db, observer, series }, half + 1, points - 1));
  const seconds = (performance.now() - started) / 1000;
  const memory = (bytesInUse() - empty) / series;
  await take({ db, observer, series }, points - 1, points);
  const fed = series * points;
  const stored = await db.one<{ state: number; most: number }>(
    sql`select avg(length(state) + length(tail))::float8 as state, max(length(state) + length(tail)) as most from detector`,
  );
  const compared = Math.min(series, COMPARED);
  const expected = Array.from({ length: compared }, (_, one) => saidOf(one, points)).flat();
  const told = await toldOf(db, compared);
  return {
    series,
    points: fed,
    points_per_s: Math.round(fed / seconds),
    cpu_us_per_point: {
      service: rounded((cpuUs + again) / fed),
      postgres: rounded(((familyCpuMsOf(postgresPid) - storeBefore) * 1000) / fed),
      detector_alone: rounded(detectorUs / 20_000),
    },
    bytes_per_series: { memory: Math.round(memory), stored: Math.round(stored.state), stored_most: stored.most },
    bytes_of_noise: { memory: noise.memory, stored: noise.full, [`stored_after_${long}_points`]: noise.end },
    restart_s: rounded(restart / 1000, 2),
    restart_same: JSON.stringify(told.sort()) === JSON.stringify(expected.sort()),
    findings_compared: expected.length,
    raw_state_upserts_per_s: Math.round(await rawUpserts(db, Math.round(stored.state))),
  };
}

async function whole({ AETHERIUS_TEST_DATABASE_URL: url }: TestEnvironment, sizes: Sizes): Promise<void> {
  const db = await openPool({ url, schema: SCHEMA });
  try {
    await migrate({ db, folder: migrations, log: createLogger('bench', 'error') });
    printFigures(await bench(db, sizes));
  } finally {
    await db.stop();
  }
}

await runBench('bench:detection', flags, async (sizes) => {
  await withTestBacking((env) => whole(env, sizes), { durable: true, bare: true });
});
