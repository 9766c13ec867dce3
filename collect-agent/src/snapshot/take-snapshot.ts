import type { Bundle, BundleEvent, BundleLog, JsonObject, Subject } from '@aetherius/shared/contracts';
import { redactDeep } from '@aetherius/shared/redact';
import type { Clock } from '@aetherius/shared/service';
import { asObject, bundleEvent, bundleObject } from '../evidence/bundle-items.ts';
import { bundleLog } from '../evidence/bundle-log.ts';
import { latestRollout } from '../evidence/changes.ts';
import { isOwnedBy, newest, ofReplicaSet } from '../evidence/revisions.ts';
import type { KubeClient } from '../kube/client.ts';
import { trimEvent } from '../watch/trim.ts';
import { collectionPath, type SnapshotKind, snapshotKinds } from './kinds.ts';
import { createReader, type Reader } from './reader.ts';
import { nodeUsage, podUsage } from './usage-metrics.ts';
import { type WantedLog, wantedLogs } from './wanted-logs.ts';

const PARALLEL = 12;
const OBJECTS_PER_KIND = 5_000;
const EVENTS = 5_000;
const LOGS = 300;
const LOG_BYTES = 64 * 1024;

type Needs = {
  client: Pick<KubeClient, 'list' | 'text'>;
  clock: Clock;
  cluster: string;
  namespace: string | undefined;
};
type Listed = { kind: SnapshotKind; items: JsonObject[]; whole: boolean };

/**
 * Everything that tells how a cluster, or one namespace with what it stands on, is doing right now, as one bundle. It only reads,
 * never Secrets, and keeps of ConfigMaps no more than the keys.
 */
export async function takeSnapshot({ client, clock, cluster, namespace }: Needs): Promise<Bundle> {
  const reader = createReader(client, PARALLEL);
  const at = clock.now();
  const [listed, events, metrics] = await Promise.all([
    Promise.all(snapshotKinds.map((kind) => listKind(reader, kind, namespace))),
    readEvents(reader, namespace),
    readUsage(reader, namespace, at.toISOString()),
  ]);
  const itemsOf = (kind: string) => listed.find((one) => one.kind.kind === kind)?.items ?? [];
  const logs = await readLogs(reader, itemsOf('Pod'));
  const sets = itemsOf('ReplicaSet');
  const changes = itemsOf('Deployment').flatMap((one) => rolloutOf(one, sets, at.getTime()));
  const subject: Subject =
    namespace === undefined
      ? { kind: 'Cluster', namespace: null, name: cluster }
      : { kind: 'Namespace', namespace: null, name: namespace };
  return redactDeep({
    cluster,
    at: at.toISOString(),
    subject,
    objects: listed.flatMap((one) => keptOf(one, itemsOf('Deployment'))).map(bundleObject),
    events,
    logs,
    metrics,
    alerts: [],
    changes,
    forecasts: [],
    cut: reader.cut(),
    complete: listed.flatMap((one) => listingOf(one, namespace)),
  });
}

async function listKind(reader: Reader, kind: SnapshotKind, namespace: string | undefined): Promise<Listed> {
  const options = { most: OBJECTS_PER_KIND, isExtra: kind.extra === true };
  return { kind, ...(await reader.collection(collectionPath(kind, namespace), options)) };
}

const listingOf = ({ kind: { kind, scope }, whole }: Listed, namespace: string | undefined): string[] =>
  whole ? [scope === 'cluster' || namespace === undefined ? kind : `${kind}/${namespace}`] : [];

/** Old ReplicaSets are history, the values of a ConfigMap may be anything, and what the API server itself serves says nothing. */
function keptOf({ kind: { kind }, items }: Listed, deployments: readonly JsonObject[]): JsonObject[] {
  if (kind === 'ConfigMap') return items.map(withoutValues);
  if (kind === 'APIService') return items.filter(isServedElsewhere);
  if (kind !== 'ReplicaSet') return items;
  const owned = new Set(deployments.flatMap((one) => setsOf(one, items)));
  const recent = new Set(deployments.flatMap((one) => newest(setsOf(one, items))));
  return items.filter((set) => recent.has(set) || !owned.has(set));
}

const isServedElsewhere = ({ spec }: JsonObject): boolean =>
  Object.keys(asObject(asObject(spec)['service'])).length > 0;

const withoutValues = (map: JsonObject): JsonObject => ({
  ...map,
  ...keysOnly(map, 'data'),
  ...keysOnly(map, 'binaryData'),
});

const keysOnly = (map: JsonObject, field: string): JsonObject =>
  map[field] === undefined
    ? {}
    : { [field]: Object.fromEntries(Object.keys(asObject(map[field])).map((key) => [key, '[left out]'])) };

const uidOf = (object: JsonObject): string => String(asObject(object['metadata'])['uid']);

const setsOf = (deployment: JsonObject, sets: readonly JsonObject[]): JsonObject[] =>
  sets.filter((set) => isOwnedBy(set, uidOf(deployment)));

function rolloutOf(deployment: JsonObject, sets: readonly JsonObject[], now: number): Bundle['changes'] {
  const { kind, namespace, name } = bundleObject(deployment);
  return latestRollout({ kind, namespace, name }, setsOf(deployment, sets).flatMap(ofReplicaSet), now);
}

async function readEvents(reader: Reader, namespace: string | undefined): Promise<BundleEvent[]> {
  const path = collectionPath({ group: 'v1', plural: 'events', scope: 'namespaced' }, namespace);
  const own = await reader.collection(path, { most: EVENTS, isExtra: false });
  // Nodes have their events in the namespace `default`.
  const ofNodes =
    namespace === undefined || namespace === 'default'
      ? []
      : (await reader.collection('/api/v1/namespaces/default/events', { most: EVENTS, isExtra: false })).items;
  const about = ofNodes.filter((event) => asObject(event['involvedObject'])['kind'] === 'Node');
  return [...own.items, ...about]
    .flatMap((raw) => trimEvent(raw) ?? [])
    .map(bundleEvent)
    .sort((a, b) => Date.parse(a.last_timestamp) - Date.parse(b.last_timestamp));
}

async function readUsage(reader: Reader, namespace: string | undefined, at: string): Promise<Bundle['metrics']> {
  const group = 'metrics.k8s.io/v1beta1';
  const options = { most: OBJECTS_PER_KIND, isExtra: true };
  const [nodes, pods] = await Promise.all([
    reader.collection(collectionPath({ group, plural: 'nodes', scope: 'cluster' }, namespace), options),
    reader.collection(collectionPath({ group, plural: 'pods', scope: 'namespaced' }, namespace), options),
  ]);
  return [...nodes.items.flatMap((one) => nodeUsage(one, at)), ...pods.items.flatMap((one) => podUsage(one, at))];
}

async function readLogs(reader: Reader, pods: readonly JsonObject[]): Promise<BundleLog[]> {
  const logs = await Promise.all(wantedLogs(pods, LOGS).map((wanted) => readLog(reader, wanted)));
  return logs.filter((log) => log !== undefined);
}

async function readLog(reader: Reader, wanted: WantedLog): Promise<BundleLog | undefined> {
  const { namespace, pod, container, previous, lines: tailLines } = wanted;
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
  const text = await reader.log(path, { container, previous, tailLines, limitBytes: LOG_BYTES });
  return text === undefined ? undefined : bundleLog(wanted, text, tailLines);
}
