import { limitSeries, MetricsBatch } from '@aetherius/shared/contracts';
import { sql } from '@aetherius/shared/postgres';
import { database, needs, type TestDatabase } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createObserver } from '../src/detection/observer.ts';
import { createWatchStore } from '../src/detection/watch-store.ts';
import { PredictionRequest, PredictionResult, predict } from '../src/forecast/prediction.ts';
import { sweepForecasts } from '../src/metrics/forecasting/forecast-sweep.ts';
import { storedResources } from '../src/metrics/forecasting/of-object.ts';
import { roll } from '../src/metrics/forecasting/series-history.ts';
import { sweep } from '../src/metrics/sweep.ts';
import { takeBatch } from '../src/metrics/take-batch.ts';

const MINUTE = 60_000;
const start = Date.parse('2026-03-01T10:00:00Z');
const names = [...Object.keys(limitSeries), 'cpu_usage_cores', 'memory_usage_bytes', 'requests_per_second'];
const subject = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const [largest, hour] = [Number.MAX_VALUE, 60];

/** What an agent may say, row by row, in one cluster each. */
const clusters: Record<string, (row: number) => number> = {
  'turns-about': (row) => (row % 2 === 0 ? largest : -largest),
  'always-most': () => largest,
  'just-kept': (row) => (row % 2 === 0 ? 1e100 : -1e100),
  'beyond-dates': (row) => 1e15 + row,
  'below-zero': (row) => -1e12 * row,
  'next-to-nothing': (row) => Number.MIN_VALUE * row,
};

needs('postgres')('what agents sample', () => {
  let postgres: TestDatabase;
  beforeAll(async () => {
    postgres = await database({ schema: 'reasoning_service', migrations: new URL('../migrations/', import.meta.url) });
  });
  afterAll(() => postgres.drop());

  it('may be any number: what one cluster sends stops nothing of the others', async () => {
    const { db } = postgres;
    const observer = createObserver({ db, store: createWatchStore(db), onAnomaly: () => undefined });
    for (const [cluster, valueAt] of Object.entries(clusters))
      for (let from = 0; from < 2 * hour; from += 20) {
        const points = Array.from({ length: 20 }, (_, at): [string, number] => [
          new Date(start + (from + at) * MINUTE).toISOString(),
          valueAt(from + at),
        ]);
        const now = new Date(start + (from + 20) * MINUTE);
        const series = names.map((name) => ({ series: { name }, subject, points }));
        const batch = { cluster_id: cluster, source: 'prometheus', at: now.toISOString(), step_seconds: 60, series };
        await takeBatch(MetricsBatch.parse(batch), { db, observer, now });
      }
    const now = new Date(start + 2 * hour * MINUTE);
    await roll(db, now);
    await sweepForecasts(db, now);
    const heard = await db.many<{ cluster: string }>(sql`select distinct cluster_id as cluster from metric_series`);
    expect(heard).toHaveLength(Object.keys(clusters).length - 2);
    for (const { cluster } of heard) {
      const asked = PredictionRequest.parse({ cluster_id: cluster, object: subject, time_window: '1h' });
      const stored = await storedResources(db, { cluster, object: subject }, 3600);
      PredictionResult.parse(predict(asked, now, stored));
    }
    expect(await sweep(db, new Date(now.getTime() + 10 * MINUTE))).toBeGreaterThan(0);
    expect(
      await db.many(sql`select from metric_history where mean = 'NaN' or abs(mean) > 1e100 or abs(most) > 1e100`),
    ).toEqual([]);
  }, 60_000);
});
