import { type Bundle, ClusterId, type Subject } from '@aetherius/shared/contracts';
import { asLog } from '../diagnosis/unplaced-log.ts';
import { withContainerNames } from './container-names.ts';
import { withHeldClaims } from './held-claims.ts';
import { isClusterWide } from './kind-names.ts';
import { withLeavingSince } from './leaving-since.ts';
import { filledListings } from './listings.ts';
import { withWriters } from './log-writers.ts';
import { merged } from './merge.ts';
import { topOf, withOwners } from './owners.ts';
import { placedEvents, placedLogs } from './place-logs.ts';
import type { Reading, ReadObject } from './reading.ts';
import { withKnownLabels } from './unknown-labels.ts';

/** What a bundle is called whose evidence does not name its cluster. */
const CLUSTER = 'local';

/** Where `kubectl` looks that is not told where. */
const DEFAULT = 'default';

/** Everything that was read, as one bundle. `at` is when the evidence was taken unless a bundle in it says so itself. */
export function assemble(found: Reading, at: string): Bundle {
  const fallback = onlyNamespace(found);
  const inSpace = <T extends { namespace: string | null | undefined }>(item: T) => ({
    ...item,
    namespace: item.namespace === undefined ? fallback : item.namespace,
  });
  const all = withOwners(merged(found.objects.map(inSpace)));
  const told = found.events.map(inSpace).map((event) => ({
    ...event,
    namespace: isClusterWide(event.kind) ? null : event.namespace,
  }));
  const written = withWriters(found.logs.map(inSpace), all, told);
  const rows = withContainerNames(withKnownLabels(withHeldClaims(all)), { ...found, logs: written });
  const events = placedEvents(told, rows, written);
  const objects = withLeavingSince(rows, events);
  const cluster = ClusterId.catch(CLUSTER).parse(found.stated.cluster);
  const logs = placedLogs(written, objects);
  return {
    cluster,
    at: found.stated.at ?? at,
    subject: found.stated.subject ?? writtenBy(logs, found) ?? subjectOf(objects, events, cluster),
    objects: objects.map(({ detail: _, ...object }) => ({
      ...object,
      namespace: object.namespace ?? null,
      id: object.id ?? `object:${object.kind}/${object.namespace ?? '_'}/${object.name}`,
    })),
    events: withIds('event', withoutRepeats(events)),
    logs,
    metrics: withIds('metric', found.metrics),
    alerts: withIds('alert', found.alerts),
    changes: found.changes,
    forecasts: found.forecasts,
    cut: [...found.cut, ...found.unread.map(({ file, reason }) => `${file}: ${reason}`)],
    complete: filledListings(found, objects, fallback),
  };
}

/** Where a table does not say its namespace, it is the one that all else is about, or the one that `kubectl` takes. */
function onlyNamespace({ objects, events, logs, complete }: Reading): string {
  const named = [...objects, ...events, ...logs, ...complete].flatMap(({ namespace }) =>
    namespace ? [namespace] : [],
  );
  const isOfSystem = objects.some(
    (one) => one.kind === 'Pod' && one.namespace === undefined && systemPod.test(one.name),
  );
  const untold = isOfSystem ? [SYSTEM] : events.flatMap(({ message }) => namespacesIn(message));
  const [first, ...others] = new Set(named.length > 0 ? named : untold);
  return others.length === 0 ? (first ?? DEFAULT) : DEFAULT;
}

const SYSTEM = 'kube-system';
/** What kubelets and kubeadm make nowhere else. */
const systemPod = /^kube-(?:apiserver|controller-manager|scheduler|proxy)-/;

/** The namespace that was taken for want of one; null where all that has one says it. */
export function assumedNamespace(found: Reading): string | null {
  const isUntold = [...found.objects, ...found.events].some(
    ({ kind, namespace }) => namespace === undefined && !isClusterWide(kind),
  );
  const taken = onlyNamespace(found);
  const isNamed = [...found.objects, ...found.events, ...found.logs].some(({ namespace }) => namespace === taken);
  return isUntold && (taken === DEFAULT || taken === SYSTEM) && !isNamed ? taken : null;
}

/** Schedulers and kubelets write the namespace beside the pod, the API server beside what it looked for in it. */
const namespacesIn = (message: string): string[] =>
  [
    /^Successfully assigned ([a-z0-9-]+)\//,
    / in pod [a-z0-9.-]+_([a-z0-9-]+)\(/,
    /looking up service account ([a-z0-9-]+)\//,
    / in (?:the )?(?:API group "[^"]{0,100}" in the )?namespace "([a-z0-9-]+)"/,
    / resource [A-Z][A-Za-z]{1,60}\/([a-z0-9-]{1,63})\/[a-z0-9.-]{1,253} was blocked /,
    /(?:Secret|ConfigMap) ([a-z0-9-]+)\/[a-z0-9.-]+$/,
  ].flatMap((pattern) => pattern.exec(message)?.[1] ?? []);

type Event = {
  reason: string;
  message: string;
  kind: string;
  name: string;
  namespace: string | null;
  last_timestamp: string;
};

/** An event in a table and in a description is one; the table comes first where it was read first. */
function withoutRepeats<T extends Event & { id?: string }>(events: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const event of events) {
    const { namespace, kind, name, reason, message } = event;
    const key = event.id ?? [namespace, kind, name, reason, message].join('\u0000');
    if (!seen.has(key)) seen.set(key, event);
  }
  return [...seen.values()].sort((a, b) => Date.parse(a.last_timestamp) - Date.parse(b.last_timestamp));
}

/** Ids are kept where they are the only ones of their kind; two bundles of one folder may have used the same. */
function withIds<T extends { id?: string }>(word: string, items: readonly T[]): (T & { id: string })[] {
  const used = new Set<string>();
  return items.map((item, index) => {
    const id = item.id !== undefined && !used.has(item.id) ? item.id : `${word}:${index + 1}`;
    used.add(id);
    return { ...item, id };
  });
}

const own = new Set(['Node', 'Namespace', 'Event', 'Endpoints', 'EndpointSlice']);
const beside = new Set([
  ...own,
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'StorageClass',
  'ResourceQuota',
  'LimitRange',
]);

/** The one workload or object that all of it is about, else the one namespace, else the cluster. */
function subjectOf(objects: readonly ReadObject[], events: readonly Event[], cluster: string): Subject {
  const known = new Map(objects.toReversed().map((one) => [`${one.kind}/${one.name}`, one]));
  const find = (kind: string, name: string) => known.get(`${kind}/${name}`);
  const meant = objects.filter(({ kind }) => !beside.has(kind));
  const tops = (meant.length > 0 ? meant : objects).map((object) => topOf(object, find));
  const fromEvents = objects.length > 0 ? [] : events.map((event) => topOf(asObject(event), () => undefined));
  const [first, ...others] = unique([...tops, ...fromEvents]);
  if (first !== undefined && others.length === 0) return first;
  const [namespace, ...more] = new Set(
    [...objects, ...events].flatMap((one) => (one.namespace ? [one.namespace] : [])),
  );
  return namespace !== undefined && more.length === 0
    ? { kind: 'Namespace', namespace: null, name: namespace }
    : { kind: 'Cluster', namespace: null, name: cluster };
}

/** Who wrote the one log that is all there is. */
function writtenBy(logs: Bundle['logs'], { objects, events, alerts }: Reading): Subject | undefined {
  const isAll = [objects, events, alerts].every((part) => part.length === 0);
  const writers = unique(logs.map(({ namespace, pod: name }) => asLog({ kind: 'Pod', namespace, name })));
  return isAll && writers.length === 1 ? writers[0] : undefined;
}

const asObject = ({ kind, namespace, name }: Event): ReadObject => {
  const [object] = withOwners([{ detail: 'row', kind, namespace, name, body: {} }]);
  return object ?? { detail: 'row', kind, namespace, name, body: {} };
};

const unique = (subjects: readonly Subject[]): Subject[] => [
  ...new Map(subjects.map((one) => [`${one.kind}/${one.namespace}/${one.name}`, one])).values(),
];
