import type { EdgeKind, MetricKind } from './metric-kind.ts';

/** Samples over time: `times` in epoch milliseconds, ascending; a gap is NaN or no sample at all. */
export type Samples = { times: readonly number[]; values: readonly number[] };

/** One metric of one entity (service, pod, node, database …). */
export type Series = Samples & { entity: string; metric: string; kind: MetricKind };

/** One metric of the calls from one entity to another. */
export type EdgeSeries = Samples & { caller: string; callee: string; metric: string; kind: EdgeKind };

export type LogLine = { time: number; entity: string; level: string; template: string };

/** One line of the call graph. */
export type Call = { caller: string; callee: string };

/** The alert to explain: the metric of one entity. */
export type Target = { entity: string; metric: string };

/** Everything that is known; any part may be empty. */
export type Observations = {
  series: readonly Series[];
  edges: readonly EdgeSeries[];
  logs: readonly LogLine[];
  calls: readonly Call[];
};

const SAMPLES_AFTER = 3;
const LEAST_REACH_MS = 30_000;

const steps = new WeakMap<readonly number[], number>();

/** Time between two samples in milliseconds: the median gap, 0 for fewer than two samples. Series of one table share their times, so it is kept. */
export function stepOf({ times }: Pick<Samples, 'times'>): number {
  const kept = steps.get(times);
  if (kept !== undefined) return kept;
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time));
  gaps.sort((a, b) => a - b);
  const step = gaps[Math.floor((gaps.length - 1) / 2)] ?? 0;
  steps.set(times, step);
  return step;
}

/** How long after the onset the samples count: three more samples, or 30 s when samples come faster (root-cause recipe, step 0). */
export const reachOf = (samples: Pick<Samples, 'times'>): number =>
  Math.max(SAMPLES_AFTER * stepOf(samples), LEAST_REACH_MS);

/** A series cut at the onset: what was before, the last two samples before, and the window that is judged. */
export type Cut = { before: number[]; local: number[]; times: number[]; after: number[] };

export function cutAt({ times, values }: Samples, onset: number, reach: number): Cut {
  const cut: Cut = { before: [], local: [], times: [], after: [] };
  times.forEach((time, at) => {
    const value = values[at] ?? Number.NaN;
    if (!Number.isFinite(value)) return;
    if (time < onset) cut.before.push(value);
    else if (time <= onset + reach) {
      cut.times.push(time);
      cut.after.push(value);
    }
  });
  cut.local = cut.before.slice(-2);
  return cut;
}
