import type { BundleEvent, BundleObject, Category, Subject } from '@aetherius/shared/contracts';
import { networkAgentOn } from '../dependency/node-agent.ts';
import type { Evidence } from '../evidence.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import { keyOf, subjectOf } from '../graph/object-key.ts';
import { conditionOf } from '../health/health.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { textAt } from '../json-path.ts';
import { parseEviction } from '../messages/eviction.ts';
import { cordon } from '../remedies.ts';
import { finding, groupBy, type Said, saidByPods } from '../said.ts';

const nodeNamed = (name: string): Subject => ({ kind: 'Node', namespace: null, name });

/** The pods of a node; in a bundle about one node, pods that state no node are its own. */
function podsOn(facts: Facts, node: Subject): Subject[] {
  const isAbout = facts.subject.kind === 'Node' && facts.subject.name === node.name;
  const stated = facts.graph.in(node, 'runs_on').map(({ from }) => from);
  const unstated = isAbout ? facts.of('Pod').filter((pod) => textAt(pod.body, 'spec.nodeName') === undefined) : [];
  return [...stated, ...unstated].filter(({ kind }) => kind === 'Pod');
}

/** Taints by which the node controller keeps pods off; a pending pod that names one is the node's doing. */
export const nodeTaint = (key: string): Subject => ({
  kind: 'Taint',
  namespace: null,
  name: `node.kubernetes.io/${key}`,
});

/** An image is pulled by the node itself, and for a pod that has its sandbox or needs none: no want of a pod network keeps it out. */
const needsPodNetwork = ({ category }: Hypothesis): boolean => !category.startsWith('image_pull_');

const lostTaints = ['not-ready', 'unreachable'];

function notReady(facts: Facts, node: BundleObject): Hypothesis[] {
  const ready = conditionOf(node, 'Ready');
  const status = textAt(ready, 'status');
  if (status === undefined || status === 'True') return [];
  const subject = nodeNamed(node.name);
  const message = textAt(ready, 'message') ?? textAt(ready, 'reason') ?? '';
  const networkOnly = /network plugin|NetworkPluginNotReady|cni (?:config|plugin)|NetworkReady=false/i.test(message);
  const agent = networkOnly ? networkAgentOn(facts, node.name) : undefined;
  return [
    finding({
      category: networkOnly ? 'pod_sandbox_cni_failure' : 'node_not_ready',
      subject,
      cause: agent?.subject ?? subject,
      description: `node ${node.name} is not ready${message === '' ? '' : `: ${message}`}${agent?.words ?? ''}`,
      weight: 0.96,
      evidence: [
        ...citeObject(node, textAt(ready, 'reason') ?? `].status: ${status}`),
        ...citeEvents(facts.eventsOf(subject, { reason: ['NodeNotReady'] }), 2),
      ],
      affects: [...podsOn(facts, subject), ...[...lostTaints, 'network-unavailable'].map(nodeTaint)],
      recommendations: cordon(facts, subject),
      ...(networkOnly ? { canCause: needsPodNetwork } : {}),
    }),
  ];
}

/** A node that the bundle knows by its events alone. */
function notReadyByEvents(facts: Facts): Hypothesis[] {
  const events = facts
    .events({ kind: 'Node', reason: ['NodeNotReady', 'KubeletSetupFailed', 'Shutdown'] })
    .filter(({ name }) => facts.graph.find(nodeNamed(name)) === undefined);
  return groupBy(events, ({ name }) => name).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const subject = nodeNamed(first.name);
    return finding({
      category: 'node_not_ready',
      subject,
      description: `node ${first.name} is not ready: ${first.message}`,
      weight: 0.85,
      evidence: citeEvents(group),
      affects: [...podsOn(facts, subject), ...lostTaints.map(nodeTaint)],
      recommendations: cordon(facts, subject),
    });
  });
}

/** Nodes whose kubelet no longer reports, or reports that it cannot work. */
export const nodeNotReady: Rule = (facts) => [
  ...facts.of('Node').flatMap((node) => notReady(facts, node)),
  ...notReadyByEvents(facts),
];

type Pressure = {
  category: Category;
  condition: string;
  resource: string;
  reasons: string[];
  taint: string;
  words: string;
};

const pressures: readonly Pressure[] = [
  {
    category: 'node_disk_pressure_eviction',
    condition: 'DiskPressure',
    resource: 'disk',
    reasons: ['NodeHasDiskPressure', 'FreeDiskSpaceFailed'],
    taint: 'disk-pressure',
    words: 'ran out of disk and evicts pods',
  },
  {
    category: 'node_memory_pressure',
    condition: 'MemoryPressure',
    resource: 'memory',
    reasons: ['NodeHasInsufficientMemory', 'SystemOOM'],
    taint: 'memory-pressure',
    words: 'is short of memory',
  },
  {
    category: 'node_pid_pressure',
    condition: 'PIDPressure',
    resource: 'pid',
    reasons: ['NodeHasInsufficientPID'],
    taint: 'pid-pressure',
    words: 'runs out of process ids',
  },
];

/** A pod that is put out fares well for a moment after that was said; one made later under its name is another. */
function saidByPutOut(facts: Facts): Said[] {
  const isMeant = (event: BundleEvent): boolean => {
    const pod = facts.graph.find(subjectOf(event));
    if (pod === undefined || facts.health(pod).state === 'broken') return true;
    const made = textAt(pod.body, 'metadata.creationTimestamp') ?? textAt(pod.body, 'status.startTime') ?? '';
    return Date.parse(made) <= Date.parse(event.last_timestamp);
  };
  return facts
    .events({ reason: ['Evicted'], kind: 'Pod' })
    .filter(isMeant)
    .map((event) => ({ about: subjectOf(event), message: event.message, evidence: citeEvents([event]) }));
}

/** Evictions that are a node's doing, each with the node where that is known. */
function evictions(facts: Facts): (Said & { node: string | undefined; resource: string })[] {
  // An event says when; a status does not, so a pod that was made long ago may have been put out long ago.
  const isLongPast = ({ about }: Said): boolean => {
    const pod = facts.graph.find(about);
    return pod !== undefined && facts.health(pod).state === 'finished';
  };
  const said = [...saidByPutOut(facts), ...saidByPods(facts).filter((one) => !isLongPast(one))];
  return said.flatMap((one) => {
    const eviction = parseEviction(one.message);
    if (eviction === undefined || eviction.own_limit) return [];
    const node = textAt(facts.graph.find(one.about)?.body, 'spec.nodeName');
    return [{ ...one, node: node ?? onlyNode(facts), resource: eviction.resource }];
  });
}

/** The node that must be meant when pods do not state theirs: the bundle's subject, or the only one there is. */
function onlyNode(facts: Facts): string | undefined {
  if (facts.subject.kind === 'Node') return facts.subject.name;
  const nodes = facts.of('Node');
  return nodes.length === 1 ? nodes[0]?.name : undefined;
}

/** Pods that were put out and of which a row of a table, or a status without a message, tells no more than that. */
const silentlyPutOut = (facts: Facts): BundleObject[] =>
  facts
    .of('Pod')
    .filter(
      (pod) =>
        textAt(pod.body, 'status.reason') === 'Evicted' &&
        textAt(pod.body, 'status.message') === undefined &&
        facts.health(pod).state === 'broken' &&
        facts.eventsOf(subjectOf(pod), { reason: ['Evicted'] }).length === 0,
    );

/** Those among them that this node must have put out: it says so of itself, or it is the only one that is known to. */
const silentFrom = (facts: Facts, name: string, isOnly: boolean): Subject[] =>
  silentlyPutOut(facts)
    .filter((pod) => (textAt(pod.body, 'spec.nodeName') ?? (isOnly ? name : undefined)) === name)
    .map(subjectOf);

function pressed(facts: Facts, pressure: Pressure): Hypothesis[] {
  const put = evictions(facts).filter(({ resource }) => resource === pressure.resource);
  const shown = facts
    .of('Node')
    .filter((node) => textAt(conditionOf(node, pressure.condition), 'status') === 'True')
    .map(({ name }) => name);
  const told = facts.events({ kind: 'Node', reason: pressure.reasons }).map(({ name }) => name);
  const reclaims = facts
    .events({ kind: 'Node', reason: ['EvictionThresholdMet'] })
    .filter(({ message }) => parseEviction(message)?.resource === pressure.resource);
  const names = new Set([
    ...shown,
    ...told,
    ...reclaims.map(({ name }) => name),
    ...put.flatMap(({ node }) => node ?? []),
  ]);
  const homeless = put.filter(({ node }) => node === undefined);
  const isOnly = names.size === 1;
  const found = [...names].map((name) => {
    const its = put.filter(({ node }) => node === name || (isOnly && node === undefined));
    return onNode(facts, pressure, { name, put: its, silent: silentFrom(facts, name, isOnly) });
  });
  return [
    ...found,
    ...(found.length > 0 ? [] : homeless.slice(0, 1).map((one) => evictedPod(facts, pressure, homeless, one))),
  ];
}

type Putting = { name: string; put: readonly Said[]; silent: readonly Subject[] };

function onNode(facts: Facts, pressure: Pressure, { name, put, silent }: Putting): Hypothesis {
  const subject = nodeNamed(name);
  const node = facts.graph.find(subject);
  const isShown = node !== undefined && textAt(conditionOf(node, pressure.condition), 'status') === 'True';
  const reason = isShown ? (textAt(conditionOf(node, pressure.condition), 'reason') ?? pressure.condition) : '';
  const told: Evidence[] = citeEvents(
    facts.eventsOf(subject, { reason: [...pressure.reasons, 'EvictionThresholdMet'] }),
    2,
  );
  return finding({
    category: pressure.category,
    subject,
    description: `node ${name} ${pressure.words}`,
    weight: isShown ? 0.96 : put.length > 0 && told.length > 0 ? 0.92 : 0.8,
    evidence: [
      ...(isShown ? citeObject(node, reason) : []),
      ...told,
      ...put.flatMap(({ evidence }) => evidence).slice(0, 2),
    ],
    affects: [
      ...(put.length > 0 ? put.map(({ about }) => about) : podsOn(facts, subject)),
      ...silent,
      nodeTaint(pressure.taint),
    ],
    recommendations: cordon(facts, subject),
  });
}

/** An eviction whose node nothing names: the pod stands for it. */
const evictedPod = (
  facts: Facts,
  pressure: Pressure,
  all: readonly Said[],
  { about, message, evidence }: Said,
): Hypothesis =>
  finding({
    category: pressure.category,
    subject: about,
    description: `the node of pod ${about.name} ${pressure.words}: ${message.slice(0, 200)}`,
    weight: 0.85,
    evidence: [...evidence, ...all.slice(1, 3).flatMap((one) => one.evidence)],
    affects: [...all.map((one) => one.about), ...silentlyPutOut(facts).map(subjectOf)],
  });

/** Nodes short of disk, memory or process ids, by their conditions, their events and the pods that they put out. */
export const nodePressure: Rule = (facts) => pressures.flatMap((pressure) => pressed(facts, pressure));

/** Pods that their node put out because they passed a limit of their own; those that a controller made anew are one fault. */
export const ownDiskLimit: Rule = (facts) => {
  const said = [...saidByPutOut(facts), ...saidByPods(facts)].filter(
    ({ message }) => parseEviction(message)?.own_limit === true,
  );
  return groupBy(said, ({ about }) => keyOf(facts.top(about))).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { about, message } = first;
    return finding({
      category: 'node_disk_pressure_eviction',
      subject: about,
      description: `pod ${about.name} used more local disk than it may: ${message.slice(0, 200)}`,
      weight: 0.94,
      evidence: group.flatMap(({ evidence }) => evidence).slice(0, 3),
      affects: [...group.map((one) => one.about), facts.top(about)],
    });
  });
};
