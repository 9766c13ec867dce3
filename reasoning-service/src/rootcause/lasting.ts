import { complaints } from './complaints.ts';
import { windowScore } from './deviation.ts';
import { callName } from './edge-gap.ts';
import type { Evidence } from './evidence.ts';
import { medianOfKnown } from './known-values.ts';
import type { Moment } from './resources.ts';
import { cutAt, type Observations, reachOf, type Samples } from './series.ts';
import { passedOnOf } from './starved.ts';
import { findWhat } from './what.ts';

/**
 * An onset that was searched for is the loudest of all moments and all series, and even calm data has a loudest one. So
 * something must stay this many scales from its baseline: bursts that pass, however loud, are what calm data is made of.
 */
export const LEAST_LASTING = 15;

/** The series an observation is about, where it is about one. */
export const seriesOf = ({ entity, kind, metric }: Evidence, known: Observations): Samples | undefined =>
  known.series.find((one) => one.entity === entity && one.metric === metric) ??
  known.edges.find((edge) => metric === callName(edge)) ??
  (kind === 'starved_callee' ? passedOnOf(metric, known) : undefined);

/**
 * How much of a change is still there in the median of all that comes after it, as a share of what the window was judged by;
 * more than 1 when it grows. A trend is told by its end, which is judged as a resource here.
 */
function kept({ kind, before, after }: Evidence, samples: Samples, onset: number): number {
  if (kind === 'trend' || before === null || after === null || before === after) return 0;
  const way = Math.sign(after - before);
  const inWindow = windowScore(cutAt(samples, onset, reachOf(samples)).after.map((value) => way * (value - before)));
  const { times, values } = samples;
  const rest = medianOfKnown(values.filter((value, at) => (times[at] ?? 0) >= onset && Number.isFinite(value)));
  return inWindow <= 0 ? 0 : Math.max(0, (way * (rest - before)) / inWindow);
}

/** How far a series stays from its baseline after a change, in scales. */
export const lastingOf = (evidence: Evidence, samples: Samples, onset: number): number =>
  evidence.deviation * kept(evidence, samples, onset);

/** The largest deviation at a moment that does not pass again; what is no series of its own (log lines) counts as it is. */
export function lastingDeviation(known: Observations, moment: Moment): number {
  const found = [...complaints(known, moment), ...findWhat(known, moment).flatMap(({ evidence }) => evidence)];
  return found.reduce((most, evidence) => {
    const series = seriesOf(evidence, known);
    return Math.max(most, series === undefined ? evidence.deviation : lastingOf(evidence, series, moment.onset));
  }, 0);
}
