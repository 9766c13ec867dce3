import { aligned } from './align.ts';
import type { MetricKind } from './metric-kind.ts';
import type { Samples, Series } from './series.ts';
import { wordsOf } from './words.ts';

/** What goes wrong for the caller of a node: it waits, or its requests fail. */
export type Symptom = 'latency' | 'errors';

/** One node as the budgets see it: seconds or failed share per request, and requests per sample. */
export type NodeView = { entity: string; metric: string; measure: Samples; requests: Samples | undefined };

export const symptomOf = (kind: MetricKind): Symptom | undefined => {
  if (kind === 'latency') return 'latency';
  return kind === 'errors' || kind === 'success' ? 'errors' : undefined;
};

/** Averages add up over requests and quantiles do not, so a mean comes first, then the lowest quantile. */
const latencyPreference = ({ metric }: Series): number => {
  const words = wordsOf(metric);
  if (words.some((word) => ['average', 'avg', 'mean'].includes(word))) return 0;
  return Number(words.find((word) => /^\d{2,3}$/.test(word)) ?? 1);
};

const preferred = (candidates: readonly Series[], metric: string): Series | undefined =>
  candidates.find((series) => series.metric === metric) ??
  [...candidates].sort((a, b) => latencyPreference(a) - latencyPreference(b) || a.metric.localeCompare(b.metric))[0];

const largest = (values: readonly number[]): number =>
  values.filter(Number.isFinite).reduce((most, value) => Math.max(most, value), 0);

/** Shares come as 0..1 or 0..100; only a value above 1 tells which. */
const asShare = (values: readonly number[]): number[] => {
  const whole = largest(values) > 1 ? 100 : 1;
  return values.map((value) => value / whole);
};

const isShare = ({ metric, values }: Series): boolean =>
  /rate|ratio|percent|pct|share|%/i.test(metric) ? largest(values) <= 100 : largest(values) <= 1;

/** Failed share of the requests, from availability, an error rate, or a count of errors beside the requests. */
function failedShare(series: Series, requests: Samples | undefined): Samples {
  const { times, values } = series;
  if (series.kind === 'success') return { times, values: asShare(values).map((share) => 1 - share) };
  if (isShare(series) || requests === undefined) return { times, values: asShare(values) };
  const total = aligned(requests, times);
  return { times, values: values.map((count, at) => Math.min(1, count / (total[at] ?? Number.NaN))) };
}

/** How a node is seen under a symptom; undefined when it has no such metric. `metric` is the target's, preferred if there. */
export function nodeView(ofEntity: readonly Series[], symptom: Symptom, metric: string): NodeView | undefined {
  const chosen = preferred(
    ofEntity.filter(({ kind }) => symptomOf(kind) === symptom),
    metric,
  );
  if (chosen === undefined) return undefined;
  const requests = ofEntity.find(({ kind }) => kind === 'traffic');
  return {
    entity: chosen.entity,
    metric: chosen.metric,
    measure: symptom === 'latency' ? chosen : failedShare(chosen, requests),
    requests,
  };
}
