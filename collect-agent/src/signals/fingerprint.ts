import type { Subject } from '@aetherius/shared/contracts';
import type { Claim, HeldKind, HeldObject, Pod } from '../kube/objects.ts';
import { controllerOf, type Facts, subjectOf } from '../watch/cluster-state.ts';
import { nodeHealth } from './health.ts';

/** The object at the top of the owners that we hold: a Deployment for its pods, the pod itself when bare. */
export function topObject(facts: Facts, object: HeldObject): HeldObject {
  const owner = facts.owner(object);
  return owner === undefined || owner.kind === 'Node' ? object : topObject(facts, owner);
}

/** What people call the thing that is broken: the top owner, also where we do not watch its kind (a CronJob, a custom one). */
export function topSubject(facts: Facts, object: HeldObject): Subject {
  const top = topObject(facts, object);
  const above = controllerOf(top);
  if (above === undefined || above.kind === 'Node') return subjectOf(top);
  return unseenOwner(top, { kind: above.kind, namespace: top.metadata.namespace ?? null, name: above.name });
}

/** A ReplicaSet that is not here yet or no more: the hash label proves that a Deployment made it, and the name is before the hash. */
function unseenOwner(object: HeldObject, owner: Subject): Subject {
  const hash = object.metadata.labels?.['pod-template-hash'];
  if (owner.kind !== 'ReplicaSet' || hash === undefined || !owner.name.endsWith(`-${hash}`)) return owner;
  return { ...owner, kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1) };
}

/** A node, as what is broken. */
const nodeSubject = (name: string): Subject => ({ kind: 'Node', namespace: null, name });

const nodeReasons = new Set([
  'NodeNotReady',
  'NodeControllerEviction',
  'TaintManagerEviction',
  'NodeLost',
  'NodeShutdown',
]);
const nodeMessage = /The node (had condition|was low on resource)|node shutdown/;

/** Whether what befell a pod is its node's doing. A pod that went past its own disk limit is evicted through its own fault. */
export const isNodesDoing = (reason: string, message: string): boolean =>
  nodeReasons.has(reason) || ((reason === 'Evicted' || reason === 'Terminated') && nodeMessage.test(message));

const missingClaim = /persistentvolumeclaim "([^"]+)"/i;

const UNBOUND = 'unbound immediate PersistentVolumeClaims';
const SECOND = 1_000;

/** How long a pod may wait for its place: in its first seconds that is ordinary, and a claim that was seen before its volume is bound at the binder's next round, 15 s later. */
export const patienceForPlace = (message: string): number => (message.includes(UNBOUND) ? 20 : 10) * SECOND;

/** The claim that keeps a pod from being scheduled, or undefined when the message blames none. */
export function blamedClaim(facts: Facts, pod: Pod, message: string): Subject | undefined {
  const namespace = pod.metadata.namespace ?? null;
  const named = missingClaim.exec(message)?.[1];
  if (named !== undefined) return { kind: 'PersistentVolumeClaim', namespace, name: named };
  if (!message.includes(UNBOUND)) return undefined;
  const waits = (claim: Claim | undefined) => claim === undefined || claim.status.phase !== 'Bound';
  const name = pod.spec.claims.find((claim) => waits(facts.find('PersistentVolumeClaim', namespace, claim)));
  return name === undefined ? undefined : { kind: 'PersistentVolumeClaim', namespace, name };
}

/**
 * The one sick node that keeps a pod from being placed: taints alone rule out every node. Want of room on the others is a fault of
 * its own, which stays when the node is well again.
 */
function blamedNode(facts: Facts, message: string): Subject | undefined {
  const [, verdict] = /^0\/\d+ nodes are available: (.{1,2000})/s.exec(message) ?? [];
  const reasons = verdict?.split(/\.\s|\.$/)[0]?.split(/, (?=\d)/) ?? [];
  if (reasons.length === 0 || !reasons.every((reason) => /^\d+ node\(s\) had untolerated taint/.test(reason)))
    return undefined;
  const [sick, ...others] = facts.all('Node').filter((node) => nodeHealth(node) === undefined);
  return sick === undefined || others.length > 0 ? undefined : nodeSubject(sick.metadata.name);
}

/** What keeps a pod without a place from one, where that is another object. */
export const blamedForPlace = (facts: Facts, pod: Pod, message: string): Subject | undefined =>
  blamedClaim(facts, pod, message) ?? blamedNode(facts, message);

/** What is to blame for a signal about a pod. */
export function podSubject(facts: Facts, pod: Pod, reason: string, message: string): Subject {
  if (isNodesDoing(reason, message) && pod.spec.nodeName !== undefined) return nodeSubject(pod.spec.nodeName);
  const blamed = reason === 'FailedScheduling' ? blamedForPlace(facts, pod, message) : undefined;
  return blamed ?? topSubject(facts, pod);
}

/** What is to blame for a signal about any object we may or may not hold. */
export function subjectNamed(facts: Facts, kind: string, namespace: string | null, name: string): Subject {
  const held = facts.find(kind as HeldKind, namespace, name);
  if (held !== undefined) return topSubject(facts, held);
  return { kind: kind === 'Endpoints' ? 'Service' : kind, namespace, name };
}
