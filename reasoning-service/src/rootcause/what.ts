import { networkEvidence } from './edge-gap.ts';
import { byDeviation, type Evidence } from './evidence.ts';
import { logEvidence, logReach, timesOfLogs } from './log-change.ts';
import { nameMetric } from './name-metric.ts';
import { type Moment, resourceEvidence } from './resources.ts';
import { type Observations, stepOf } from './series.ts';
import { starvedEvidence } from './starved.ts';
import { trendEvidence } from './trend.ts';
import { vanishedEvidence } from './vanished.ts';

/** An entity with what speaks for it as the cause, the strongest first, and the metric to look at. */
export type Suspect = { entity: string; deviation: number; metric: string; evidence: Evidence[] };

const MOST_EVIDENCE = 5;

/** Entities by their strongest evidence; a metric is named in a second pass when that evidence is a resource. */
export function ranked(found: readonly Evidence[], known: Observations, moment: Moment): Suspect[] {
  const groups = Map.groupBy(found, ({ entity }) => entity);
  return [...groups.values()]
    .flatMap((ofEntity) => {
      const evidence = ofEntity.filter(({ deviation }) => deviation > 0).sort(byDeviation);
      return evidence[0] === undefined ? [] : [{ first: evidence[0], evidence }];
    })
    .sort((a, b) => byDeviation(a.first, b.first))
    .map(({ first, evidence }) => ({
      entity: first.entity,
      deviation: first.deviation,
      metric: metricOf(evidence, known, moment),
      evidence: evidence.slice(0, MOST_EVIDENCE),
    }));
}

function metricOf(evidence: readonly Evidence[], known: Observations, moment: Moment): string {
  const [first] = evidence;
  if (first?.kind !== 'resource') return first?.metric ?? '';
  return nameMetric(
    evidence,
    known.series.filter(({ entity }) => entity === first.entity),
    moment,
  );
}

/** Which services show a cause of their own: resources, what fills up, the network to them, callees they starve, their silence, their logs. */
export function findWhat(known: Observations, moment: Moment): Suspect[] {
  const measured = [...known.series, ...known.edges];
  const steps = (measured.length === 0 ? [{ times: timesOfLogs(known.logs) }] : measured).map(stepOf);
  const found = [
    ...resourceEvidence(known.series, moment),
    ...trendEvidence(known.series, moment),
    ...networkEvidence(known, moment),
    ...starvedEvidence(known, moment),
    ...vanishedEvidence(known, moment),
    ...logEvidence(known.logs, { onset: moment.onset, reach: logReach(steps) }),
  ];
  return ranked(found, known, moment);
}
