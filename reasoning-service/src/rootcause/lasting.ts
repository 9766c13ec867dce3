import { complaints } from './complaints.ts';
import type { Evidence } from './evidence.ts';
import { median } from './quantile.ts';
import type { Moment } from './resources.ts';
import type { Observations, Samples } from './series.ts';
import { findWhat } from './what.ts';

/**
 * An onset that was searched for is the loudest of all moments and all series, and even calm data has a loudest one. So
 * something must stay this many scales from its baseline: bursts that pass, however loud, are what calm data is made of.
 */
export const LEAST_LASTING = 15;

/** The series an observation is about, where it is about one. */
export const seriesOf = ({ entity, metric }: Evidence, known: Observations): Samples | undefined =>
  known.series.find((one) => one.entity === entity && one.metric === metric) ??
  known.edges.find(({ caller, callee, metric: name }) => metric === `${caller} -> ${callee} ${name}`);

/** How much of a change is still there in the median of all that comes after it; more than 1 when it grows. */
function kept({ before, after }: Evidence, { times, values }: Samples, onset: number): number {
  if (before === null || after === null || before === after) return 0;
  const rest = median(values.filter((value, at) => (times[at] ?? 0) >= onset && Number.isFinite(value)));
  return Math.max(0, (rest - before) / (after - before));
}

/** The largest deviation at a moment that does not pass again; what is no series of its own (log lines) counts as it is. */
export function lastingDeviation(known: Observations, moment: Moment): number {
  const found = [...complaints(known.series, moment), ...findWhat(known, moment).flatMap(({ evidence }) => evidence)];
  return found.reduce((most, evidence) => {
    const series = seriesOf(evidence, known);
    const share = series === undefined ? 1 : kept(evidence, series, moment.onset);
    return Math.max(most, evidence.deviation * share);
  }, 0);
}
