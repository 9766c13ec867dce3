/** One observation that speaks for an entity as the cause. */
export type Evidence = {
  entity: string;
  kind: 'resource' | 'trend' | 'network' | 'starved_callee' | 'missing' | 'log' | 'symptom' | 'excess';
  /** The metric, the call or the log template that deviates. */
  metric: string;
  /** How far it lies from the baseline, in scales of the baseline. */
  deviation: number;
  before: number | null;
  after: number | null;
};

/** The strongest evidence first; equal strength by name, so that the same input always gives the same answer. */
export const byDeviation = (a: Evidence, b: Evidence): number =>
  b.deviation - a.deviation || a.entity.localeCompare(b.entity) || a.metric.localeCompare(b.metric);
