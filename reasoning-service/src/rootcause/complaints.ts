import type { CallGraph } from './call-graph.ts';
import { baselineOf, deviation, scaleOf, windowScore } from './deviation.ts';
import type { Evidence } from './evidence.ts';
import { directionOf } from './metric-kind.ts';
import { median } from './quantile.ts';
import { largestByMetric, type Moment } from './resources.ts';
import { cutAt, reachOf, type Series } from './series.ts';
import { symptomOf } from './symptom.ts';

const LEAST_BASELINE = 10;
const SHARE_OF_LARGEST = 0.002;

/** Deviation over the local baseline, the higher of the median and the lower of the last two samples (for falls, mirrored). */
function complaintOf(series: Series, moment: Moment, largest: number): Evidence | undefined {
  const { before, local, after } = cutAt(series, moment.onset, reachOf(series));
  const baseline = baselineOf(before);
  if (baseline.points < LEAST_BASELINE || after.length === 0) return undefined;
  const direction = directionOf(series.kind);
  const reference =
    direction === 'down'
      ? Math.min(baseline.median, Math.max(...local))
      : Math.max(baseline.median, Math.min(...local));
  const scale = scaleOf(baseline, {
    relative: moment.settings.relative_floor,
    absolute: SHARE_OF_LARGEST * largest,
  });
  return {
    entity: series.entity,
    kind: 'symptom',
    metric: series.metric,
    deviation: windowScore(after.map((value) => deviation(value - reference, scale, direction))),
    before: baseline.median,
    after: median(after),
  };
}

/** Who answers slowly or fails. Symptoms say that something is wrong; they name a cause only when nothing better is known. */
export function complaints(series: readonly Series[], moment: Moment): Evidence[] {
  const symptoms = series.filter(({ kind }) => symptomOf(kind) !== undefined);
  const largest = largestByMetric(symptoms);
  return symptoms.flatMap((one) => complaintOf(one, moment, largest.get(one.metric) ?? 0) ?? []);
}

/** Those of the entities that complain whose callees do not: the others may only be waiting for them. */
export function deepest(entities: readonly string[], graph: CallGraph): string[] {
  const all = new Set(entities);
  return entities.filter((entity) => !graph.callees(entity).some((callee) => all.has(callee)));
}
