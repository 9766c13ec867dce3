import { quantileOfSorted } from '../quantile.ts';
import type { Evidence } from './evidence.ts';
import { knownAscending, medianOfKnown } from './known-values.ts';
import { LEAST_LASTING, lastingOf, seriesOf } from './lasting.ts';
import { lastingLogs } from './log-change.ts';
import { isResource, limitOf, metricKind } from './metric-kind.ts';
import type { Moment } from './resources.ts';
import type { Observations, Samples } from './series.ts';
import { MOST_MISSING } from './vanished.ts';

/** A short history shows nothing of what a series does at times, and a run of a few samples is a burst. */
const LEAST_HISTORY = 40;
const LEAST_RUN = 5;
/** How much farther than ever before a series must stay away. */
const FARTHER = 3;
/** Scales at which what nobody reported may count. */
export const LEAST_HELD = 8;
/** The same where there is no room for more: callees are starved by seven at most, and a resource ends at its limit. */
const LEAST_BOUNDED = 4;
const AT_LIMIT = 0.95;

/** The farthest that a series was from its level before, outliers of one sample left out. */
function farthest(history: readonly number[], level: number): number {
  const smoothed = history
    .slice(2)
    .map((value, at) => medianOfKnown([value, history[at] ?? value, history[at + 1] ?? value]));
  return smoothed.reduce((most, value) => Math.max(most, Math.abs(value - level)), 0);
}

/** Whether three quarters of all samples since the onset lie farther away than the series ever was. */
function neverBefore({ before, after }: Evidence, { times, values }: Samples, onset: number): boolean {
  const at = (isAfter: boolean) =>
    values.filter((value, row) => Number.isFinite(value) && (times[row] ?? 0) >= onset === isAfter);
  const [history, since] = [at(false), at(true)];
  if (history.length < Math.max(LEAST_HISTORY, since.length) || since.length < LEAST_RUN) return false;
  const level = medianOfKnown(history);
  const way = Math.sign((after ?? 0) - (before ?? 0));
  const held = quantileOfSorted(knownAscending(since.map((value) => way * (value - level))), 0.25);
  return held > FARTHER * farthest(history, level);
}

/** Whether a resource stays where it cannot rise much further. */
function isAtLimit({ metric }: Evidence, { times, values }: Samples, onset: number): boolean {
  const limit = limitOf(
    metric,
    values.filter(Number.isFinite).reduce((most, value) => Math.max(most, value), 0),
  );
  const since = values.filter((_, at) => (times[at] ?? 0) >= onset);
  return limit !== undefined && isResource(metricKind(metric)) && medianOfKnown(since) >= AT_LIMIT * limit;
}

/**
 * Whether evidence that is less loud than a found onset must be counts all the same, because it holds: a series that stays
 * where it never was, an entity that stays silent, log lines that go on.
 */
export function isUnprecedented(evidence: Evidence, known: Observations, { onset }: Moment): boolean {
  if (evidence.kind === 'missing') return evidence.deviation >= MOST_MISSING;
  if (evidence.kind === 'log') return lastingLogs(evidence, known.logs, onset) >= LEAST_LASTING;
  const series = seriesOf(evidence, known);
  if (series === undefined) return false;
  const isBounded = evidence.kind === 'starved_callee' || isAtLimit(evidence, series, onset);
  const least = isBounded ? LEAST_BOUNDED : LEAST_HELD;
  return lastingOf(evidence, series, onset) >= least && neverBefore(evidence, series, onset);
}
