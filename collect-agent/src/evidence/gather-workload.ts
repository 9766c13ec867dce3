import type { JsonObject } from '@aetherius/shared/contracts';
import type { HeldObject, LabelSelector, Node, Pod, Workload } from '../kube/objects.ts';
import { livePods, nodeHealth, podHealth } from '../signals/health.ts';
import { type Facts, subjectOf } from '../watch/cluster-state.ts';
import { asObject } from './bundle-items.ts';
import { latestRollout } from './changes.ts';
import { asksForNames, gatherGovernors, gatherNames } from './gather-related.ts';
import { gatherLogs } from './logs.ts';
import { openNodeBeside } from './open-node.ts';
import { isOwnedBy, newest, ofControllerRevision, ofReplicaSet } from './revisions.ts';
import type { Scene } from './scene.ts';

const PODS = 3;
const NODES = 20;

/** Everything around a workload or a bare pod: itself, its pods, their last words, and what was rolled out. */
export async function gatherWorkload(scene: Scene, top: HeldObject): Promise<void> {
  const { gathering, facts, signal } = scene;
  const pods = chosenPods(scene, top);
  const owners = facts.ownedBy(top.metadata.uid).filter(({ kind }) => kind !== 'Pod');
  const owned = top.kind === 'Pod' ? [] : podsOf(facts, top);
  scene.addEventsOf([top, ...owners, ...owned, ...pods]);
  for (const pod of pods) gatherNeighbours(scene, pod);
  const first = pods[0];
  await Promise.all([
    gatherObject(scene, top),
    gatherRevisions(scene, top),
    ...pods.filter(({ metadata }) => metadata.uid !== top.metadata.uid).map((pod) => gatherObject(scene, pod)),
    ...(first === undefined ? [] : [gatherLogs(gathering, first)]),
    ...(signal.reason === 'FailedCreate' ? [gatherQuotas(scene, top)] : []),
  ]);
  // Last: what stands beside the workload stays, and the words of a dead container do not.
  await Promise.all([gatherGovernors(scene, top), ...(asksForNames(signal) ? [gatherNames(scene, top)] : [])]);
}

/** When a Job has given up, none of its pods lives, and why it failed only they can say. */
function podsOf(facts: Facts, top: HeldObject): Pod[] {
  const live = livePods(facts, top);
  if (top.kind !== 'Job' || live.length > 0) return live;
  return facts
    .ownedBy(top.metadata.uid)
    .flatMap((object) => (object.kind === 'Pod' && object.status.phase === 'Failed' ? [object] : []));
}

/** The pod that the signal is about, then those in trouble, then any. */
function chosenPods({ facts, signal }: Scene, top: HeldObject): Pod[] {
  const pods = top.kind === 'Pod' ? [top] : podsOf(facts, top);
  const isMeant = ({ metadata }: Pod) => metadata.uid === signal.object.uid;
  const rank = (pod: Pod) => (isMeant(pod) ? 0 : podHealth(pod) === undefined ? 1 : 2);
  const meant =
    signal.object.kind === 'Pod' ? facts.find('Pod', signal.object.namespace, signal.object.name) : undefined;
  const all = meant === undefined || pods.some(isMeant) ? pods : [meant, ...pods];
  return all.sort((a, b) => rank(a) - rank(b)).slice(0, PODS);
}

/** Its claims, its node, one beside that if it is not well, and every node where the question is why it fits on none. */
function gatherNeighbours({ gathering, facts, signal }: Scene, pod: Pod): void {
  const { namespace } = pod.metadata;
  for (const name of pod.spec.claims) {
    const claim = facts.find('PersistentVolumeClaim', namespace, name);
    if (claim !== undefined) gathering.addHeld(claim);
  }
  const own = pod.spec.nodeName === undefined ? undefined : facts.find('Node', null, pod.spec.nodeName);
  const nodes = signal.reason === 'FailedScheduling' ? facts.all('Node').slice(0, NODES) : nodesOf(facts, own);
  for (const node of nodes) gathering.addHeld(node);
}

function nodesOf(facts: Facts, own: Node | undefined): Node[] {
  if (own === undefined) return [];
  return nodeHealth(own) === undefined ? [own, ...openNodeBeside(facts, own)] : [own];
}

const plurals: Record<Workload['kind'] | 'Pod', string> = {
  Deployment: '/apis/apps/v1/namespaces/NS/deployments',
  ReplicaSet: '/apis/apps/v1/namespaces/NS/replicasets',
  StatefulSet: '/apis/apps/v1/namespaces/NS/statefulsets',
  DaemonSet: '/apis/apps/v1/namespaces/NS/daemonsets',
  Job: '/apis/batch/v1/namespaces/NS/jobs',
  Pod: '/api/v1/namespaces/NS/pods',
};
const collectionOf = (kind: keyof typeof plurals, namespace = '') => plurals[kind].replace('NS', namespace);

/** The whole object as it is now; what the view holds of it when it cannot be read. */
export async function gatherObject({ gathering }: Scene, object: HeldObject): Promise<void> {
  const { kind, metadata } = object;
  const path = kind in plurals ? collectionOf(kind as keyof typeof plurals, metadata.namespace) : undefined;
  const whole = path === undefined ? undefined : await gathering.read(`${path}/${metadata.name}`);
  if (whole === undefined) gathering.addHeld(object);
  else gathering.addObject(whole);
}

async function gatherQuotas({ gathering }: Scene, { metadata }: HeldObject): Promise<void> {
  const namespace = `/api/v1/namespaces/${metadata.namespace ?? ''}`;
  const found = await Promise.all(
    ['resourcequotas', 'limitranges'].map((plural) => gathering.list(`${namespace}/${plural}`)),
  );
  for (const quota of found.flat()) gathering.addObject(quota);
}

/** Deployments keep their templates in ReplicaSets, stateful and daemon sets in ControllerRevisions. */
async function gatherRevisions(scene: Scene, top: HeldObject): Promise<void> {
  const { gathering, now } = scene;
  if (top.kind !== 'Deployment' && top.kind !== 'StatefulSet' && top.kind !== 'DaemonSet') return;
  const { namespace = '', uid } = top.metadata;
  const labelSelector = selectorText(top.spec.selector);
  const isDeployment = top.kind === 'Deployment';
  const path = isDeployment
    ? collectionOf('ReplicaSet', namespace)
    : `/apis/apps/v1/namespaces/${namespace}/controllerrevisions`;
  const owned = (await gathering.list(path, { labelSelector })).filter((one) => isOwnedBy(one, uid));
  const revisions = owned.flatMap(isDeployment ? ofReplicaSet : ofControllerRevision);
  gathering.addChanges(latestRollout(subjectOf(top), revisions, now));
  if (isDeployment) for (const one of newest(owned)) gathering.addObject(withoutTemplate(one));
}

/** A label selector as a query has it; expressions are left out, since the owner is checked anyway. */
const selectorText = (selector: LabelSelector | undefined): string | undefined => {
  const pairs = Object.entries(selector?.matchLabels ?? {}).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? undefined : pairs.join(',');
};

const withoutTemplate = (set: JsonObject): JsonObject => {
  const { template: _, ...spec } = asObject(set['spec']);
  return { ...set, spec };
};
