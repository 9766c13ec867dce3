import type { JsonObject } from '@aetherius/shared/contracts';
import { isClusterWide, kindOfWord } from '../kind-names.ts';
import { ageSeconds, before, timestamp } from '../moment.ts';
import { type Detail, joined, type Reading, type ReadObject, reading, unreadable } from '../reading.ts';
import { fieldPath, type Origin, occurrences } from '../table/read-table.ts';
import { known } from '../table/row-cells.ts';
import type { Command } from '../transcript.ts';
import { aboutOf, allAboutOne, UNNAMED } from '../unnamed.ts';
import { customBody, namespaceBody } from './custom.ts';
import { fragmentOf, mended } from './fragment.ts';
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
import { networkPolicyBody } from './network-policy.ts';
import { annotationsAt, type Line, lineAt, outline, pairsAt, tableAt, valueAt } from './outline.ts';
import { podBody } from './pod.ts';
import { cronJobBody, daemonSetBody, jobBody, scaledBody } from './workloads.ts';

/** `tells` are keys each of which only this kind has, for a description that was cut short. */
type Form = { kind: string; has: string[]; tells?: string[]; body: (lines: readonly Line[]) => JsonObject };

const bare = (): JsonObject => ({});

/** A description does not name its kind; the keys that only this kind has do. The first form that fits wins. */
const forms: readonly Form[] = [
  {
    kind: 'Node',
    has: ['Roles', 'Capacity'],
    tells: ['Roles', 'Unschedulable', 'Non-terminated Pods', 'PodCIDR'],
    body: nodeBody,
  },
  {
    kind: 'CronJob',
    has: ['Schedule', 'Concurrency Policy'],
    tells: ['Concurrency Policy', 'Successful Job History Limit'],
    body: cronJobBody,
  },
  {
    kind: 'Job',
    has: ['Parallelism', 'Pods Statuses'],
    tells: ['Parallelism', 'Completion Mode', 'Pods Statuses'],
    body: jobBody,
  },
  {
    kind: 'Deployment',
    has: ['StrategyType', 'Replicas'],
    tells: ['StrategyType', 'OldReplicaSets', 'NewReplicaSet'],
    body: scaledBody,
  },
  {
    kind: 'DaemonSet',
    has: ['Desired Number of Nodes Scheduled'],
    tells: ['Current Number of Nodes Scheduled'],
    body: daemonSetBody,
  },
  {
    kind: 'StatefulSet',
    has: ['Replicas', 'Update Strategy'],
    tells: ['Update Strategy', 'Volume Claims'],
    body: scaledBody,
  },
  { kind: 'ReplicaSet', has: ['Replicas', 'Pods Status'], body: scaledBody },
  {
    kind: 'Pod',
    has: ['Containers', 'Status'],
    tells: ['QoS Class', 'Node-Selectors', 'IPs', 'Priority'],
    body: podBody,
  },
  {
    kind: 'HorizontalPodAutoscaler',
    has: ['Reference', 'Min replicas'],
    tells: ['Min replicas', 'Max replicas'],
    body: autoscalerBody,
  },
  {
    kind: 'Ingress',
    has: ['Rules', 'Default backend'],
    tells: ['Default backend', 'Ingress Class'],
    body: ingressBody,
  },
  {
    kind: 'Service',
    has: ['Selector', 'Session Affinity'],
    tells: ['Session Affinity', 'IP Family Policy', 'TargetPort'],
    body: serviceBody,
  },
  {
    kind: 'PersistentVolumeClaim',
    has: ['StorageClass', 'VolumeMode', 'Used By'],
    tells: ['Used By'],
    body: claimBody,
  },
  { kind: 'PersistentVolumeClaim', has: ['StorageClass', 'Access Modes', 'Volume'], body: claimBody },
  { kind: 'PersistentVolume', has: ['Reclaim Policy', 'Claim'], tells: ['Reclaim Policy'], body: volumeBody },
  {
    kind: 'PodDisruptionBudget',
    has: ['Selector', 'Status'],
    tells: ['Min available', 'Max unavailable'],
    body: budgetBody,
  },
  {
    kind: 'StorageClass',
    has: ['Provisioner', 'ReclaimPolicy'],
    body: (lines) => known({ provisioner: valueAt(lines, 'Provisioner') }),
  },
  { kind: 'ServiceAccount', has: ['Image pull secrets'], body: bare },
  { kind: 'NetworkPolicy', has: ['Spec', 'Created on'], body: networkPolicyBody },
];

const start = /^Name: +\S/m;
const namespaceEnd = /^(?:No resource quota\.|No LimitRange resource\.|Resource Quotas)/m;
const quotaTable = /^Resource +Used +Hard/m;

/** Whether text is what `kubectl describe` prints, or the list of events at its end. */
export function isDescribe(text: string, command?: Command): boolean {
  if (fragmentOf(text, command) !== undefined || asksOfSeveral(text, command)) return true;
  const keys = text.split('\n').filter((line) => /^[A-Z][\w ()-]*:(\s|$)/.test(line)).length;
  return (start.test(text) && (keys >= 3 || quotaTable.test(text))) || /^Events:\n {2}Type/.test(text.trimStart());
}

const asksOfSeveral = (text: string, command: Command | undefined): boolean =>
  command?.verb === 'describe' && command.kinds.length === 1 && start.test(text);

/** Each object of a description, with its events. */
export function readDescribe(text: string, origin: Origin): Reading {
  const starts = [...text.matchAll(/^Name: +\S/gm)].map(({ index }) => index);
  if (starts.length > 0) return joined(starts.map((from, at) => readPart(text.slice(from, starts[at + 1]), origin)));
  // Who cut the description may have cut off the labels, so it is no more than a row of a table.
  const whose = fragmentOf(text, origin.command);
  return whose === undefined
    ? strayEvents(text, origin)
    : readOne(mended(text, whose), asking(origin, whose.kind), 'row');
}

/** The same origin, asked about one kind, which a part of a description need not tell. */
const asking = (origin: Origin, kind: string): Origin => {
  const command = origin.command ?? nobody;
  return { ...origin, command: { ...command, kinds: [kind] } };
};

const nobody: Command = {
  ...{ verb: 'describe', kinds: [], names: [], words: [], namespace: undefined, output: undefined },
  ...{ isPartial: true, selector: undefined, container: undefined, previous: false },
};

/** One of several descriptions; where `grep` left its containers without their heading, as much as is there. */
function readPart(text: string, origin: Origin): Reading {
  const [, name = ''] = /^Name: +(\S+)/.exec(text) ?? [];
  const isBare = asksOfSeveral(text, origin.command) && !/^(?:Containers|Status):/m.test(text);
  return isBare && origin.command?.kinds[0] === 'Pod'
    ? readOne(mended(text, { kind: 'Pod', name }), origin, 'row')
    : readOne(text, origin, 'described');
}

function readOne(text: string, origin: Origin, detail: Detail): Reading {
  const lines = outline(text);
  const name = valueAt(lines, 'Name') ?? UNNAMED;
  const form = formOf(lines, text, origin);
  if (form === undefined) return unreadable(origin.file, `the description of "${name}", whose kind is not known`);
  const { kind, body } = form;
  const namespace = isClusterWide(kind)
    ? null
    : (valueAt(lines, 'Namespace') ?? origin.command?.namespace ?? undefined);
  const lacks = form.has.filter((key) => !isThere(lines, key));
  const told = body(lines);
  const object: ReadObject = {
    detail,
    kind,
    namespace,
    name,
    body: {
      kind,
      ...told,
      metadata: {
        ...metadataOf(lines, name, namespace),
        ...asObject(told['metadata']),
        ...leavingSince(lines, kind, origin.at),
      },
      // Not of the object: what such a telling leaves out may be there or not.
      ...(lacks.length === 0 ? {} : { status: { ...asObject(told['status']), isPart: true } }),
    },
  };
  const endpoints = kind === 'Service' ? endpointsBody(lines) : undefined;
  const behind: ReadObject[] = endpoints === undefined ? [] : [{ ...object, kind: 'Endpoints', body: endpoints }];
  const events = eventsOf(lines, { kind, namespace, name }, origin);
  return reading({
    objects: [object, ...behind],
    events,
    cut:
      lacks.length === 0
        ? []
        : [`${origin.file}: the description of ${kind} ${name} is a part, without ${lacks.join(', ')}`],
    unread:
      body === customBody && events.length === 0 && Object.keys(told).length === 0
        ? [{ file: origin.file, reason: `the description of ${kind} "${name}", in which no condition was found` }]
        : [],
  });
}

/** `Status: Terminating (lasts 27m)`: for how long a pod should have been gone. */
function leavingSince(lines: readonly Line[], kind: string, at: string): JsonObject {
  const [, lasts = ''] = /^Terminating \(lasts ([^)]+)\)/.exec(valueAt(lines, 'Status') ?? '') ?? [];
  const late = ageSeconds(lasts);
  return kind === 'Pod' && late !== undefined ? { deletionTimestamp: before(at, late) } : {};
}

const isThere = (lines: readonly Line[], key: string): boolean => lineAt(lines, key) !== undefined;

function formOf(lines: readonly Line[], text: string, { command }: Origin): Form | undefined {
  const found = forms.find(({ has }) => has.every((key) => isThere(lines, key)));
  if (found !== undefined) return found;
  if (quotaTable.test(text)) return { kind: 'ResourceQuota', has: [], body: quotaBody };
  if (/^Data\n====/m.test(text))
    return { kind: valueAt(lines, 'Type') === undefined ? 'ConfigMap' : 'Secret', has: [], body: dataOf };
  if (namespaceEnd.test(text)) return { kind: 'Namespace', has: [], body: namespaceBody };
  return cutShort(lines, command?.kinds.length === 1 ? command.kinds[0] : undefined);
}

/** The form of a description that lacks its end: of the kind that was asked for, else of the one whose keys are left. */
function cutShort(lines: readonly Line[], asked: string | undefined): Form | undefined {
  const known =
    asked === undefined
      ? forms.find(
          ({ kind, tells = [] }) => tells.some((key) => isThere(lines, key)) || (kind === 'Pod' && isOwned(lines)),
        )
      : forms.find(({ kind }) => kind === asked);
  if (known !== undefined) return known;
  const kind = asked ?? kindOfWord(valueAt(lines, 'Kind') ?? '') ?? valueAt(lines, 'Kind');
  return kind === undefined ? undefined : { kind, has: [], body: kind === 'Namespace' ? namespaceBody : customBody };
}

/** Of what has one state in a word, pods alone have an owner. */
const isOwned = (lines: readonly Line[]): boolean =>
  ['Status', 'Controlled By'].every((key) => valueAt(lines, key) !== undefined);

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

type About = { kind: string; namespace: string | null | undefined; name: string };

const eventsOf = (lines: readonly Line[], about: About | undefined, { at, command }: Origin): Reading['events'] =>
  tableAt(lines, 'Events').map((row) => {
    const { count, first, last } = occurrences(row['Age'] ?? '', at);
    const said = {
      type: row['Type'] || 'Normal',
      reason: row['Reason'] ?? '',
      message: (row['Message'] ?? '').replace(fieldPath, ''),
      component: row['From'] || null,
    };
    return { ...said, count, ...(about ?? aboutOf(said, command)), first_timestamp: first, last_timestamp: last };
  });

/** Events without their object: the messages often name the pod. */
const strayEvents = (text: string, origin: Origin): Reading =>
  reading({ events: allAboutOne(eventsOf(outline(text), undefined, origin)) });

/** The same from their head on, wherever somebody began to copy. */
export const headedEvents = (lines: readonly string[], origin: Origin): Reading =>
  strayEvents(['Events:', ...lines.map((line) => `  ${line.trim()}`)].join('\n'), origin);
