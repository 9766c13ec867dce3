import type { JsonObject, Subject } from '@aetherius/shared/contracts';
import { asObject, text } from '../evidence/bundle-items.ts';
import type { HeldKind } from '../kube/objects.ts';
import { topSubject } from '../signals/fingerprint.ts';
import type { Facts } from '../watch/cluster-state.ts';
import type { About, PrometheusQuery } from './queries.ts';
import { keyOf, type Sample } from './sample.ts';

/** Rows of one answer that are looked at; a mesh has as many as it has calls. */
const MOST_ROWS = 5_000;
/** Names of Kubernetes objects; labels are written by whoever is measured, so nothing else passes. */
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const kinds: readonly HeldKind[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicaSet'];

const nameIn = (labels: JsonObject, label: string): string | undefined => {
  const name = text(labels[label]);
  return name !== null && NAME.test(name) ? name : undefined;
};

/** The workload of that name that exists; what does not exist in the cluster is not spoken of. */
function workloadNamed(facts: Facts, namespace: string | undefined, name: string | undefined): Subject | undefined {
  if (namespace === undefined || name === undefined) return undefined;
  const kind = kinds.find((one) => facts.find(one, namespace, name) !== undefined);
  return kind === undefined ? undefined : { kind, namespace, name };
}

function workloadOfPod(facts: Facts, namespace: string | undefined, name: string | undefined): Subject | undefined {
  const pod = name === undefined ? undefined : facts.find('Pod', namespace, name);
  return pod === undefined ? undefined : topSubject(facts, pod);
}

/** The claim or node of that name that exists. */
function objectNamed(
  facts: Facts,
  kind: 'PersistentVolumeClaim' | 'Node',
  at: Omit<Subject, 'kind'>,
): Subject | undefined {
  return facts.find(kind, at.namespace, at.name) === undefined ? undefined : { kind, ...at };
}

const nodeNamed = (facts: Facts, names: readonly (string | undefined)[]): Subject | undefined =>
  names
    .map((name) => (name === undefined ? undefined : objectNamed(facts, 'Node', { namespace: null, name })))
    .find((found) => found !== undefined);

const claimNamed: typeof workloadNamed = (facts, namespace, name) =>
  namespace === undefined || name === undefined
    ? undefined
    : objectNamed(facts, 'PersistentVolumeClaim', { namespace, name });

const finders = { workload: workloadNamed, pod: workloadOfPod, claim: claimNamed };

type Named = { subject: Subject; labels: Record<string, string> };

function namedBy(about: About, labels: JsonObject, facts: Facts): Named | undefined {
  if (about.kind === 'call') {
    const [from, to] = [about.caller, about.callee].map(([namespace, name]) =>
      workloadNamed(facts, nameIn(labels, namespace), nameIn(labels, name)),
    );
    if (from === undefined || to === undefined) return undefined;
    return {
      subject: to,
      labels: { caller: `${from.namespace}/${from.name}`, callee: `${to.namespace}/${to.name}` },
    };
  }
  const subject =
    about.kind === 'node'
      ? nodeNamed(
          facts,
          about.names.map((label) => nameIn(labels, label)),
        )
      : finders[about.kind](facts, nameIn(labels, about.namespace), nameIn(labels, about.name));
  return subject === undefined ? undefined : { subject, labels: {} };
}

const numberOf = (raw: unknown): number | null => {
  const value = typeof raw === 'string' ? Number(raw) : Number.NaN;
  return Number.isFinite(value) ? value : null;
};

function pointsOf(row: JsonObject): [number, number | null][] {
  const values = Array.isArray(row['values']) ? row['values'] : [];
  return values.flatMap((pair): [number, number | null][] =>
    Array.isArray(pair) && typeof pair[0] === 'number' && Number.isFinite(pair[0])
      ? [[pair[0], numberOf(pair[1])]]
      : [],
  );
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const mostOf = (values: readonly number[]): number => Math.max(...values);

/** Pods of one workload are one series, made of those that have a value. */
function merged(
  all: readonly [number, number | null][][],
  made: (values: readonly number[]) => number,
): Sample['points'] {
  const byTime = Map.groupBy(all.flat(), ([time]) => time);
  return [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([time, points]) => {
      const values = points.flatMap(([, value]) => value ?? []);
      return [new Date(time * 1000).toISOString(), values.length === 0 ? null : made(values)];
    });
}

/** The rows of one answer as series of workloads and calls that exist; everything that cannot be placed is left aside. */
export function samplesOf({ name, about, most }: PrometheusQuery, answer: JsonObject, facts: Facts): Sample[] {
  const { result } = asObject(answer['data']);
  const rows = Array.isArray(result) ? result.slice(0, MOST_ROWS).map(asObject) : [];
  const placed = rows.flatMap((row) => {
    const named = namedBy(about, asObject(row['metric']), facts);
    const points = pointsOf(row);
    if (named === undefined || points.length === 0) return [];
    return [{ measured: { series: { name, labels: named.labels }, subject: named.subject }, points }];
  });
  return [...Map.groupBy(placed, ({ measured }) => keyOf(measured)).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const all = group.map(({ points }) => points);
    return [{ ...first.measured, points: merged(all, most === true ? mostOf : meanOf) }];
  });
}
