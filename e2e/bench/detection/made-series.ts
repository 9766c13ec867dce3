import type { MetricsBatch } from '@aetherius/shared/contracts';

/** With steps of five minutes a detector speaks from the 200th point on. */
const STEP = 300_000;
const START = Date.parse('2026-03-01T00:00:00Z');
/** A cluster has at most 300 watched series. */
const OF_CLUSTER = 250;
/** Points of a series in one message: as many as the contract allows. */
export const POINTS_OF_BATCH = 20;
/** One point in so many stands out. */
const SPIKE_EVERY = 397;

export const timeOf = (row: number): number => START + row * STEP;
const noise = (row: number, series: number): number => ((row * 7919 + series * 104_729) % 10_007) / 10_007;

/** A rhythm of its own with noise, and now and then three points that stand out. */
export function valueAt(series: number, row: number): number {
  const usual = 100 + 40 * Math.sin((2 * Math.PI * row) / (40 + (series % 50))) + 20 * noise(row, series);
  return (row + series) % SPIKE_EVERY < 3 ? 4 * usual : usual;
}

const subjectOf = (series: number) => ({ kind: 'Deployment', namespace: 'shop', name: `app-${series}` });

/** What the agents of all clusters say of the points from `row` on. */
export function* batchesFrom(
  row: number,
  { series, points }: { series: number; points: number },
): Generator<MetricsBatch> {
  for (let first = 0; first < series; first += OF_CLUSTER)
    yield {
      cluster_id: `bench-${first / OF_CLUSTER}`,
      source: 'prometheus',
      at: new Date(timeOf(row + points)).toISOString(),
      step_seconds: STEP / 1000,
      series: Array.from({ length: Math.min(OF_CLUSTER, series - first) }, (_, at) => ({
        series: { name: 'cpu_usage_cores', labels: {} },
        subject: subjectOf(first + at),
        points: Array.from({ length: points }, (_, next): [string, number] => [
          new Date(timeOf(row + next)).toISOString(),
          valueAt(first + at, row + next),
        ]),
      })),
      gone: [],
      left_out: 0,
    };
}
