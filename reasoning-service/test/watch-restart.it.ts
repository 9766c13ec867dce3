import type { Anomaly, MetricsBatch } from '@aetherius/shared/contracts';
import { type Db, sql } from '@aetherius/shared/postgres';
import { database, needs, type TestDatabase } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Observation } from '../src/detection/observation.ts';
import { createObserver, type Observer } from '../src/detection/observer.ts';
import { createWatchStore } from '../src/detection/watch-store.ts';
import { takeBatch } from '../src/metrics/take-batch.ts';

const STEP = 300_000;
const start = Date.parse('2026-03-01T00:00:00Z');
const SERIES = 120;
const ROWS = 280;
const BATCH = 20;

const at = (row: number): number => start + row * STEP;
const noise = (row: number, seed: number): number => ((row * 7919 + seed * 104_729) % 1009) / 1009;

/** Each series breaks at a row of its own: it jumps, stands still or has no data. */
function valueAt(seed: number, row: number): number | null {
  const usual = 50 + seed + 20 * Math.sin((2 * Math.PI * (row + seed)) / 48) + 4 * noise(row, seed);
  const since = row - 195 - (seed % 10);
  if (since < 0) return usual;
  if (seed % 5 === 0) return 50;
  if (seed % 5 === 1) return since < 5 ? null : usual;
  return since >= 10 && since < 14 ? 4 * usual : usual;
}

const rowsFrom = (row: number): number[] => Array.from({ length: BATCH }, (_, next) => row + next);

const batchAt = (cluster_id: string, row: number): MetricsBatch => ({
  cluster_id,
  source: 'prometheus',
  at: new Date(at(row + BATCH)).toISOString(),
  step_seconds: 300,
  series: Array.from({ length: SERIES }, (_, seed) => ({
    series: { name: 'cpu_usage_cores', labels: {} },
    subject: { kind: 'Deployment', namespace: 'shop', name: `app-${seed}` },
    points: rowsFrom(row).map((one): [string, number | null] => [new Date(at(one)).toISOString(), valueAt(seed, one)]),
  })),
  gone: [],
  left_out: 0,
});

/** Workloads whose three values are judged together. */
const jointAt = (cluster: string, row: number): Observation[] =>
  Array.from({ length: 2 }, (_, seed) => ({
    cluster,
    kind: 'aegisops',
    series: { name: 'aegisops', labels: {} },
    subject: { kind: 'Deployment', namespace: 'shop', name: `joint-${seed}` },
    points: rowsFrom(row).map((one) => {
      const load = 100 + 30 * Math.sin(one / 50) + 9 * noise(one, seed);
      const slow = one >= 240 + seed && one < 245 + seed;
      return { at: at(one), values: [load, slow ? 9 : 0.2 + noise(one, seed) / 50, 5e8 + 1e6 * load] };
    }),
  }));

needs('postgres')('detectors', () => {
  let postgres: TestDatabase;
  beforeAll(async () => {
    postgres = await database({ schema: 'reasoning_service', migrations: new URL('../migrations/', import.meta.url) });
  });
  afterAll(() => postgres.drop());

  const process = (db: Db): Observer => createObserver({ db, store: createWatchStore(db), onAnomaly: () => undefined });

  /** What was told of a cluster, whose process is killed and started again before some batches; the one before comes again then. */
  async function toldWith(cluster: string, restarts: readonly number[]): Promise<Partial<Anomaly>[]> {
    const { db } = postgres;
    let observer = process(db);
    const take = async (row: number) => {
      await takeBatch(batchAt(cluster, row), { db, observer, now: new Date(at(row + BATCH)) });
      await observer.observe(jointAt(cluster, row));
    };
    for (let row = 0; row < ROWS; row += BATCH) {
      if (restarts.includes(row)) {
        observer = process(db);
        await take(row - BATCH);
      }
      await take(row);
    }
    const told = await db.many<{ body: Anomaly }>(
      sql`select body from outbox where body ->> 'cluster_id' = ${cluster} order by body ->> 'at', body #>> '{subject,name}', body ->> 'kind'`,
    );
    // A forest has the chances of its id, and so of its cluster: only its scores differ.
    return told.map(({ body: { id: _, cluster_id: __, score, ...rest } }) =>
      rest.kind === 'joint' ? rest : { ...rest, score },
    );
  }

  it('of hundreds of series that are killed at any time tell the same as those that never were', async () => {
    const uninterrupted = await toldWith('calm', []);
    const killed = await toldWith('killed', [20, 60, 200, 220, 260]);
    expect(killed).toEqual(uninterrupted);
    const kinds = Map.groupBy(uninterrupted, ({ kind }) => kind);
    expect(kinds.get('missing')).toHaveLength(SERIES / 5);
    expect(kinds.get('flat')).toHaveLength(SERIES / 5);
    expect(kinds.get('joint')).toHaveLength(2);
    expect(kinds.get('unusual')?.length).toBeGreaterThan(SERIES / 2);
  }, 300_000);

  it('keep a row of bounded size, most of it binary', async () => {
    const { rows, most, tail } = await postgres.db.one<{ rows: number; most: number; tail: number }>(sql`
      select count(*)::int as rows, max(length(state)) as most, max(length(tail)) as tail from detector where kind = 'series'`);
    expect(rows).toBe(2 * SERIES);
    expect(most).toBeLessThan(130_000);
    expect(tail).toBeLessThanOrEqual(16 * 96);
  });

  it('learn anew what is stored in another form, from the points that come', async () => {
    const { db } = postgres;
    const [observation] = jointAt('calm', ROWS);
    if (observation === undefined) throw new Error('no workload');
    await db.run(
      sql`update detector set state = ${Buffer.from('ff0f6f2204666f726d49007b01', 'hex')} where kind = 'aegisops'`,
    );
    expect(await process(db).observe([observation])).toMatchObject([{ stage: 'learning', observed: BATCH }]);
  });
});
