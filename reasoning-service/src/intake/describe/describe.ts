import type { JsonObject } from '@aetherius/shared/contracts';
import { isClusterWide, kindOfWord } from '../kind-names.ts';
import { timestamp } from '../moment.ts';
import { joined, type Reading, type ReadObject, reading, unreadable } from '../reading.ts';
import { type Origin, occurrences } from '../table/read-table.ts';
import { known } from '../table/row-cells.ts';
import { customBody, namespaceBody } from './custom.ts';
import {
  autoscalerBody,
  budgetBody,
  claimBody,
  endpointsBody,
  ingressBody,
  nodeBody,
  quotaBody,
  serviceBody,
  volumeBody,
} from './infrastructure.ts';
import { annotationsAt, type Line, lineAt, outline, pairsAt, tableAt, valueAt } from './outline.ts';
import { podBody } from './pod.ts';
import { cronJobBody, daemonSetBody, jobBody, scaledBody } from './workloads.ts';

type Form = { kind: string; has: string[]; body: (lines: readonly Line[]) => JsonObject };

const bare = (): JsonObject => ({});

/** A description does not name its kind; the keys that only this kind has do. The first form that fits wins. */
const forms: readonly Form[] = [
  { kind: 'Node', has: ['Roles', 'Capacity'], body: nodeBody },
  { kind: 'CronJob', has: ['Schedule', 'Concurrency Policy'], body: cronJobBody },
  { kind: 'Job', has: ['Parallelism', 'Pods Statuses'], body: jobBody },
  { kind: 'Deployment', has: ['StrategyType', 'Replicas'], body: scaledBody },
  { kind: 'DaemonSet', has: ['Desired Number of Nodes Scheduled'], body: daemonSetBody },
  { kind: 'StatefulSet', has: ['Replicas', 'Update Strategy'], body: scaledBody },
  { kind: 'ReplicaSet', has: ['Replicas', 'Pods Status'], body: scaledBody },
  { kind: 'Pod', has: ['Containers', 'Status'], body: podBody },
  { kind: 'HorizontalPodAutoscaler', has: ['Reference', 'Min replicas'], body: autoscalerBody },
  { kind: 'Ingress', has: ['Rules', 'Default backend'], body: ingressBody },
  { kind: 'Service', has: ['Selector', 'Session Affinity'], body: serviceBody },
  { kind: 'PersistentVolumeClaim', has: ['StorageClass', 'VolumeMode', 'Used By'], body: claimBody },
  { kind: 'PersistentVolumeClaim', has: ['StorageClass', 'Access Modes', 'Volume'], body: claimBody },
  { kind: 'PersistentVolume', has: ['Reclaim Policy', 'Claim'], body: volumeBody },
  { kind: 'PodDisruptionBudget', has: ['Selector', 'Status'], body: budgetBody },
  {
    kind: 'StorageClass',
    has: ['Provisioner', 'ReclaimPolicy'],
    body: (lines) => known({ provisioner: valueAt(lines, 'Provisioner') }),
  },
  { kind: 'ServiceAccount', has: ['Image pull secrets'], body: bare },
  { kind: 'NetworkPolicy', has: ['Spec', 'Created on'], body: bare },
];

const start = /^Name: +\S/m;
const namespaceEnd = /^(?:No resource quota\.|No LimitRange resource\.|Resource Quotas)/m;
const quotaTable = /^Resource +Used +Hard/m;

/** Whether text is what `kubectl describe` prints, or the list of events at its end. */
export function isDescribe(text: string): boolean {
  const keys = text.split('\n').filter((line) => /^[A-Z][\w ()-]*:(\s|$)/.test(line)).length;
  return (start.test(text) && (keys >= 3 || quotaTable.test(text))) || /^Events:\n {2}Type/.test(text.trimStart());
}

/** Each object of a description, with its events. */
export function readDescribe(text: string, origin: Origin): Reading {
  const starts = [...text.matchAll(/^Name: +\S/gm)].map(({ index }) => index);
  if (starts.length === 0) return strayEvents(text, origin);
  return joined(starts.map((from, at) => readOne(text.slice(from, starts[at + 1]), origin)));
}

function readOne(text: string, origin: Origin): Reading {
  const lines = outline(text);
  const name = valueAt(lines, 'Name') ?? '';
  const form = formOf(lines, text, origin);
  if (form === undefined) return unreadable(origin.file, `the description of "${name}", whose kind is not known`);
  const { kind, body } = form;
  const namespace = isClusterWide(kind)
    ? null
    : (valueAt(lines, 'Namespace') ?? origin.command?.namespace ?? undefined);
  const told = body(lines);
  const object: ReadObject = {
    detail: 'described',
    kind,
    namespace,
    name,
    body: { kind, ...told, metadata: { ...metadataOf(lines, name, namespace), ...asObject(told['metadata']) } },
  };
  const endpoints = kind === 'Service' ? endpointsBody(lines) : undefined;
  const behind: ReadObject[] = endpoints === undefined ? [] : [{ ...object, kind: 'Endpoints', body: endpoints }];
  return reading({ objects: [object, ...behind], events: eventsOf(lines, { kind, namespace, name }, origin) });
}

function formOf(lines: readonly Line[], text: string, { command }: Origin): Form | undefined {
  const found = forms.find(({ has }) => has.every((key) => lineAt(lines, key) !== undefined));
  const asked = command?.kinds[0];
  if (found !== undefined) return found;
  if (quotaTable.test(text)) return { kind: 'ResourceQuota', has: [], body: quotaBody };
  if (/^Data\n====/m.test(text))
    return { kind: valueAt(lines, 'Type') === undefined ? 'ConfigMap' : 'Secret', has: [], body: dataOf };
  if (namespaceEnd.test(text)) return { kind: 'Namespace', has: [], body: namespaceBody };
  const kind = asked ?? kindOfWord(valueAt(lines, 'Kind') ?? '') ?? valueAt(lines, 'Kind');
  return kind === undefined ? undefined : { kind, has: [], body: kind === 'Namespace' ? namespaceBody : customBody };
}

/** The keys are what can be missing; values are left where they are. */
function dataOf(lines: readonly Line[]): JsonObject {
  const from = lines.findIndex(({ text }) => text === '====');
  const keys = lines
    .slice(from + 1)
    .flatMap(({ key, text }) => (key === undefined || text.startsWith('-') ? [] : [key]));
  const until = keys.indexOf('Events');
  return { data: Object.fromEntries(keys.slice(0, until < 0 ? undefined : until).map((key) => [key, '[left out]'])) };
}

const asObject = (value: JsonObject[string] | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

function metadataOf(lines: readonly Line[], name: string, namespace: string | null | undefined): JsonObject {
  const [kind, owner] = (valueAt(lines, 'Controlled By') ?? '').split('/');
  return known({
    name,
    namespace: namespace ?? undefined,
    labels: pairsAt(lines, 'Labels'),
    annotations: annotationsAt(lines),
    creationTimestamp: timestamp(valueAt(lines, 'CreationTimestamp')),
    ownerReferences: kind === undefined || owner === undefined ? undefined : [{ kind, name: owner, controller: true }],
  });
}

/** Newer versions of `kubectl` put before the message which container it is about. */
const fieldPath = /^spec\.\w+\{[^}]*\}: /;

type About = { kind: string; namespace: string | null | undefined; name: string };

function eventsOf(lines: readonly Line[], about: About, { at }: Origin): Reading['events'] {
  return tableAt(lines, 'Events').map((row) => {
    const { count, first, last } = occurrences(row['Age'] ?? '', at);
    return {
      type: row['Type'] || 'Normal',
      reason: row['Reason'] ?? '',
      message: (row['Message'] ?? '').replace(fieldPath, ''),
      component: row['From'] || null,
      count,
      ...about,
      first_timestamp: first,
      last_timestamp: last,
    };
  });
}

/** Events without their object: the messages often name the pod. */
function strayEvents(text: string, origin: Origin): Reading {
  const lines = outline(text);
  const [, namespace, assigned] = /Successfully assigned (\S+)\/(\S+) to /.exec(text) ?? [];
  const [, pod, space] = / in pod ([a-z0-9.-]+)_([a-z0-9-]+)\(/.exec(text) ?? [];
  const name = assigned ?? pod ?? origin.command?.names[0];
  if (name === undefined) return unreadable(origin.file, 'holds events that do not say of which object');
  const about = { kind: 'Pod', namespace: namespace ?? space ?? origin.command?.namespace, name };
  return reading({ events: eventsOf(lines, about, origin) });
}
