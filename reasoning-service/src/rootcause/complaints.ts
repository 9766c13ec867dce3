import type { CallGraph } from './call-graph.ts';
import { baselineOf, deviation, scaleOf, windowScore } from './deviation.ts';
import { callName, type Known, timedCallees } from './edge-gap.ts';
import type { Evidence } from './evidence.ts';
import { medianOfKnown } from './known-values.ts';
import { directionOf, type MetricKind } from './metric-kind.ts';
import { largestByMetric, type Moment } from './resources.ts';
import { cutAt, reachOf, type Samples } from './series.ts';
import { symptomOf } from './symptom.ts';

const LEAST_BASELINE = 10;
const SHARE_OF_LARGEST = 0.002;

type Complaint = { entity: string; metric: string; kind: MetricKind; samples: Samples; floor: number };

/** Deviation over the local baseline, the higher of the median and the lower of the last two samples (for falls, mirrored). */
function complaintOf({ entity, metric, kind, samples, floor }: Complaint, moment: Moment): Evidence | undefined {
  const { before, local, after } = cutAt(samples, moment.onset, reachOf(samples));
  const baseline = baselineOf(before);
  if (baseline.points < LEAST_BASELINE || after.length === 0) return undefined;
  const direction = directionOf(kind, metric);
  const reference =
    direction === 'down'
      ? Math.min(baseline.median, Math.max(...local))
      : Math.max(baseline.median, Math.min(...local));
  const scale = scaleOf(baseline, { relative: moment.settings.relative_floor, absolute: floor });
  return {
    entity,
    kind: 'symptom',
    metric,
    deviation: windowScore(after.map((value) => deviation(value - reference, scale, direction))),
    before: baseline.median,
    after: medianOfKnown(after),
  };
}

/** Who answers slowly or fails. Symptoms say that something is wrong; they name a cause only when nothing better is known. */
export function complaints(known: Known, moment: Moment): Evidence[] {
  const symptoms = known.series.filter(({ kind }) => symptomOf(kind) !== undefined);
  const largest = largestByMetric(symptoms);
  const own = symptoms.map(
    (samples): Complaint => ({ ...samples, samples, floor: SHARE_OF_LARGEST * (largest.get(samples.metric) ?? 0) }),
  );
  const called = timedCallees(known).map(
    ({ edge, floor }): Complaint => ({
      entity: edge.callee,
      metric: callName(edge),
      kind: 'latency',
      samples: edge,
      floor,
    }),
  );
  return [...own, ...called].flatMap((one) => complaintOf(one, moment) ?? []);
}

/** Those of the entities that complain whose callees do not: the others may only be waiting for them. */
export function deepest(entities: readonly string[], graph: CallGraph): string[] {
  const all = new Set(entities);
  return entities.filter((entity) => !graph.callees(entity).some((callee) => all.has(callee)));
}
