import { createHash } from 'node:crypto';
import type { Anomaly } from '@aetherius/shared/contracts';
import type { Finding, Stage } from './finding.ts';
import { aegisops, createJointWatch, type JointWatchState } from './joint-watch.ts';
import type { Observation } from './observation.ts';
import { createSeriesWatch, type SeriesWatchState } from './series-watch.ts';

/** What is stored of a watch. */
export type WatchState = SeriesWatchState | JointWatchState;

/** Any of the two kinds of watch, behind one face. */
export type Watch = {
  observe(at: number, values: readonly (number | null)[]): Finding[];
  stage(): Stage;
  state(): WatchState;
};

/** Starts the kind of watch that an observation asks for, or continues it from its stored state. */
export function createWatch(kind: Observation['kind'], seed: number, state?: WatchState): Watch {
  if (kind === 'aegisops') {
    return createJointWatch(aegisops, seed, state as JointWatchState | undefined);
  }
  const single = createSeriesWatch(state as SeriesWatchState | undefined);
  return { ...single, observe: (at, [value = null]) => single.observe({ at, value }) };
}

/** The same series of the same thing always has the same key. */
export const watchKey = ({ cluster, kind, series, subject }: Observation): string => {
  const labels = Object.entries(series.labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = [cluster, kind, subject.kind, subject.namespace, subject.name, series.name, labels];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
};

/** Trust in a finding while only a part of the learning time has passed. */
const confidences: Record<Stage, number> = { learning: 0, early: 0.5, full: 0.8 };

const severityOf = ({ score, kind }: Finding, stage: Stage): Anomaly['severity'] =>
  stage === 'full' && (kind === 'joint' || score >= 0.9) ? 'medium' : 'low';

/** A finding as the message that others correlate; the id is derived, so that telling it twice is telling it once. */
export function anomalyOf(observation: Observation, finding: Finding, stage: Stage): Anomaly {
  const { cluster, series, subject } = observation;
  const { kind, at, feature, value, expected, score } = finding;
  return {
    id: createHash('sha256')
      .update(`${watchKey(observation)}/${kind}/${at}`)
      .digest('hex'),
    cluster_id: cluster,
    subject,
    series: feature === null ? series : { ...series, name: feature },
    kind,
    signal: 'fault',
    severity: severityOf(finding, stage),
    score,
    confidence: confidences[stage],
    value,
    expected,
    deviation: value === null || expected === null ? null : value - expected.value,
    limit: null,
    at: new Date(at).toISOString(),
  };
}
