import type { Bundle } from '@aetherius/shared/contracts';
import { type Answer, analyze, type Question, type Ranked } from './analyze.ts';
import type { CitedLine } from './bundle-logs.ts';
import type { Evidence } from './evidence.ts';
import { edgeKind } from './metric-kind.ts';
import { collection } from './read/collect.ts';
import { seriesOf } from './read/series-table.ts';
import type { Call, EdgeSeries, Observations, Samples, Series } from './series.ts';

type Metric = Bundle['metrics'][number];
type Labels = Metric['labels'];

/** Labels that name an entity, the widest name first: a service outlives its pods. */
const entityLabels = [
  'service',
  'service_name',
  'app',
  'workload',
  'deployment',
  'statefulset',
  'daemonset',
  'pod',
  'node',
  'instance',
];
/** Labels that name the two ends of a call, as service meshes and tracers write them. */
const callLabels: readonly [string, string][] = [
  ['caller', 'callee'],
  ['source_workload', 'destination_workload'],
  ['source_service', 'destination_service'],
  ['source_app', 'destination_app'],
  ['client', 'server'],
];

const inNamespace = (name: string, namespace: string | undefined): string =>
  namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;

/** `namespace/name` of what a metric is about, from its labels; nodes have no namespace. */
export function entityOf(labels: Labels): string | undefined {
  const label = entityLabels.find((name) => (labels[name] ?? '') !== '');
  if (label === undefined) return undefined;
  const name = labels[label] ?? '';
  return label === 'node' || label === 'instance' ? name : inNamespace(name, labels['namespace']);
}

function callOf(labels: Labels): Call | undefined {
  const pair = callLabels.find(([from, to]) => (labels[from] ?? '') !== '' && (labels[to] ?? '') !== '');
  if (pair === undefined) return undefined;
  const end = (label: string) =>
    inNamespace(labels[label] ?? '', labels[`${label.split('_')[0]}_namespace`] ?? labels['namespace']);
  return { caller: end(pair[0]), callee: end(pair[1]) };
}

/** Whose clock a latency of a call is from, when the labels say it and the name does not. */
const sided = ({ name, labels }: Metric): string =>
  labels['reporter'] === 'source' || labels['reporter'] === 'destination' ? `${labels['reporter']}_${name}` : name;

const samplesOf = ({ points }: Metric): Samples => ({
  times: points.map(([time]) => Date.parse(time)),
  values: points.map(([, value]) => value),
});

type Naming = (labels: Labels) => string | undefined;
type Source = { ids: Map<string, Set<string>> };

const keyOf = (entity: string, metric: string): string => `${entity}\n${metric}`;
const nameOfCall = ({ caller, callee }: Call, metric: string): string => `${caller} -> ${callee} ${metric}`;

function cite({ ids }: Source, key: string, id: string): void {
  ids.set(key, (ids.get(key) ?? new Set()).add(id));
}

/** Several series of one entity under one name (containers, status codes) keep apart by the labels that differ. */
const labelled = ({ name, labels }: Metric, crowded: boolean): string =>
  crowded
    ? `${name}{${Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(',')}}`
    : name;

/** What is known of an incident beside the call graph. */
export type Seen = { metrics: readonly Metric[]; logs?: readonly CitedLine[] };

function observed(
  { metrics, logs = [] }: Seen,
  calls: readonly Call[],
  naming: Naming,
): { known: Observations; source: Source } {
  const source: Source = { ids: new Map() };
  const series: Series[] = [];
  const edges = collection<Call & { metric: string }>(
    ({ caller, callee, metric }) => `${caller}\n${callee}\n${metric}`,
  );
  const groups = Map.groupBy(metrics, ({ name, labels }) => keyOf(naming(labels) ?? '', name));
  for (const metric of metrics) {
    const call = callOf(metric.labels);
    const entity = naming(metric.labels);
    if (call !== undefined) {
      edges.add({ ...call, metric: sided(metric) }, samplesOf(metric));
      cite(source, nameOfCall(call, sided(metric)), metric.id);
      cite(source, `calls ${call.caller} -> ${call.callee}`, metric.id);
    } else if (entity !== undefined) {
      const name = labelled(metric, (groups.get(keyOf(entity, metric.name))?.length ?? 0) > 1);
      series.push(seriesOf({ entity, metric: name }, samplesOf(metric)));
      cite(source, keyOf(entity, name), metric.id);
    }
  }
  const measured = edges.finish().map((edge): EdgeSeries => ({ ...edge, kind: edgeKind(edge.metric) }));
  for (const { entity, template, id } of logs) cite(source, keyOf(entity, template), id);
  return { known: { series, edges: measured, logs, calls }, source };
}

/** A ranked entity with the ids of the metrics and logs that its evidence rests on. */
export type CitedRanked = Ranked & { cited: string[] };
export type BundleAnswer = Omit<Answer, 'ranked'> & { ranked: CitedRanked[] };

/**
 * Root causes inside an incident: its metrics, what its logs say over time, and the call graph of the inventory with entities named like
 * `entityOf` does (`namespace/name`); `naming` may map pods to their services instead.
 */
export function rootCausesIn(
  seen: Seen,
  calls: readonly Call[],
  question: Question & { naming?: Naming } = {},
): BundleAnswer {
  const { known, source } = observed(seen, calls, question.naming ?? entityOf);
  const { ranked, ...answer } = analyze(known, question);
  const idsOf = ({ entity, metric }: Evidence): string[] => [
    ...(source.ids.get(keyOf(entity, metric)) ?? source.ids.get(metric) ?? []),
  ];
  return {
    ...answer,
    ranked: ranked.map((one) => ({ ...one, cited: [...new Set(one.evidence.flatMap(idsOf))] })),
  };
}
