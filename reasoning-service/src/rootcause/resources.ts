import { type Baseline, baselineOf, deviation, scaleOf, windowScore } from './deviation.ts';
import type { Evidence } from './evidence.ts';
import { medianOfKnown } from './known-values.ts';
import { directionOf, floorOf, isCause } from './metric-kind.ts';
import { cutAt, reachOf, type Series } from './series.ts';
import type { Settings } from './settings.ts';
import { wordsOf } from './words.ts';

export type Moment = { onset: number; settings: Settings };

/** Two samples of history suffice for a cause series: restarts and disk figures often come rarely. */
const LEAST_BASELINE = 2;
/** A series that stood still at 0 has no scale of its own; it gets this share of the largest value of its metric anywhere. */
const SHARE_OF_LARGEST = 0.002;

/** Largest absolute value per metric name over all entities: the nearest thing to a limit when none is known. */
export function largestByMetric(series: readonly Series[]): Map<string, number> {
  const largest = new Map<string, number>();
  for (const { metric, values } of series) {
    let most = largest.get(metric) ?? 0;
    for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
    largest.set(metric, most);
  }
  return largest;
}

/** Deviation of one series of its own in its bad direction, or undefined without enough history or any window. */
export function seriesDeviation(
  series: Series,
  { onset }: Moment,
  scale: (baseline: Baseline) => number,
): Evidence | undefined {
  const { before, after } = cutAt(series, onset, reachOf(series));
  const baseline = baselineOf(before);
  if (baseline.points < LEAST_BASELINE || after.length === 0) return undefined;
  const width = scale(baseline);
  const scores = after.map((value) =>
    deviation(value - baseline.median, width, directionOf(series.kind, series.metric)),
  );
  return {
    entity: series.entity,
    kind: 'resource',
    metric: series.metric,
    deviation: windowScore(scores),
    before: baseline.median,
    after: medianOfKnown(after),
  };
}

const ofTheNode = ({ metric }: Series): boolean => wordsOf(metric).some((word) => word === 'node' || word === 'host');

/** A pod's file may also tell how its node fares; that says nothing about this pod when its own figure is there. */
const own = (series: Series, all: readonly Series[]): boolean =>
  !ofTheNode(series) ||
  !all.some((other) => other.entity === series.entity && other.kind === series.kind && !ofTheNode(other));

/** Evidence from what services use up or suffer from: CPU, memory, disk, throttling, restarts, sockets, lost packets. */
export function resourceEvidence(series: readonly Series[], moment: Moment): Evidence[] {
  const causes = series.filter(({ kind }) => isCause(kind));
  const largest = largestByMetric(causes);
  return causes
    .filter((candidate) => own(candidate, causes))
    .flatMap((candidate) => {
      const least = SHARE_OF_LARGEST * (largest.get(candidate.metric) ?? 0);
      const absolute = Math.max(floorOf(candidate.kind, candidate.metric), least);
      const scale = (baseline: Baseline) => scaleOf(baseline, { relative: moment.settings.relative_floor, absolute });
      return seriesDeviation(candidate, moment, scale) ?? [];
    });
}
