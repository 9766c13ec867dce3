import {
  type Action,
  type BundleObject,
  isWriteAction,
  type JsonObject,
  type Subject,
  writeActions,
} from '@aetherius/shared/contracts';
import { carries, selects } from '../diagnosis/graph/label-selector.ts';
import { labelsOf, templateLabels } from '../diagnosis/graph/object-graph.ts';
import { isSame, keyOf, subjectOf } from '../diagnosis/graph/object-key.ts';
import { podShapeOf } from '../diagnosis/graph/pod-spec.ts';
import { isLeaving } from '../diagnosis/health/held-deletion.ts';
import { numberAt, objectsAt, textAt, textsAt } from '../diagnosis/json-path.ts';
import { parseVolume } from '../diagnosis/messages/volume.ts';
import { only } from './changes/aimed.ts';
import { mayOpen } from './closed-node.ts';
import { failingContainer, ownContainers, type Scope, subjectObject, volumesOf, workloadBehind } from './scope.ts';
import { webhookService } from './webhook-service.ts';

/** Whether the action can be aimed at an object of this kind; logs have pods alone, and anything can be read. */
export function suits(action: Action, { kind }: Subject): boolean {
  if (isWriteAction(action)) return writeActions[action].kinds.includes(kind);
  return action !== 'logs' || kind === 'Pod';
}

const subjectAt = (object: BundleObject | undefined): Subject | undefined =>
  object === undefined ? undefined : subjectOf(object);

const isReady = (node: BundleObject): boolean =>
  objectsAt(node.body, 'status.conditions').some(
    (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  );

/** The pods that the answer is about; on a node, all that wait for a volume which is attached elsewhere. */
function waitingPods({ diagnosis: { subject }, facts }: Scope): BundleObject[] {
  const named =
    subject.kind === 'Node'
      ? facts
          .events({ kind: 'Pod', reason: ['FailedAttachVolume'] })
          .filter(({ message }) => parseVolume(message)?.why === 'multi_attach')
      : [subject, ...facts.podsUnder(subject), ...facts.graph.in(subject, 'claims').map(({ from }) => from)];
  return facts.graph.at(named.map(keyOf)).filter((one) => one.kind === 'Pod' && !isLeaving(one));
}

/** Whether all pods of a workload share its claims; each of a StatefulSet has its own. */
const sharesClaims = ({ kind }: Subject): boolean => kind === 'Deployment' || kind === 'ReplicaSet';

/**
 * A pod that goes but cannot, because the node that would have to end it is gone, and that holds what the answer is about: it uses
 * the same claim, or, where its claims are not told, belongs to the same Deployment.
 */
function podOnLostNode(scope: Scope): BundleObject | undefined {
  const { diagnosis, facts } = scope;
  const waiting = waitingPods(scope);
  const claimsOf = (pod: BundleObject) => facts.graph.out(pod, 'claims').map(({ to }) => keyOf(to));
  const own = [diagnosis.subject, ...waiting.map((pod) => facts.top(subjectOf(pod)))];
  const wanted = new Set([keyOf(diagnosis.subject), ...waiting.flatMap(claimsOf)]);
  const owners = new Set(own.filter(sharesClaims).map(keyOf));
  const lost = new Set(
    facts.of('Node').flatMap((node) => (isReady(node) || isOther(diagnosis.subject, node) ? [] : [node.name])),
  );
  const holds = (pod: BundleObject): boolean => {
    const claims = claimsOf(pod);
    return claims.some((claim) => wanted.has(claim)) || (claims.length === 0 && owners.has(keyOf(facts.top(pod))));
  };
  return only(
    facts.of('Pod').filter((pod) => isLeaving(pod) && lost.has(textAt(pod.body, 'spec.nodeName') ?? '') && holds(pod)),
  );
}

const isOther = (subject: Subject, node: BundleObject): boolean => subject.kind === 'Node' && !isSame(subject, node);

/** The workload that a Service selects and that somebody scaled to nothing. */
const scaledToNothing = (scope: Scope, service: Subject | undefined) => {
  if (service === undefined) return undefined;
  const selector = textsAt(scope.facts.graph.find(service)?.body, 'spec.selector');
  const stopped = [...scope.facts.of('Deployment'), ...scope.facts.of('StatefulSet')].filter(
    (workload) =>
      workload.namespace === service.namespace &&
      Object.keys(selector).length > 0 &&
      carries(selector, templateLabels(workload)) &&
      numberAt(workload.body, 'spec.replicas') === 0,
  );
  return only(stopped);
};

const nodesOf = (volume: BundleObject): JsonObject[] =>
  objectsAt(volume.body, 'spec.nodeAffinity.required.nodeSelectorTerms');

/** The closed node on which alone a volume of the subject can be had. */
function cordonedNodeOfVolume(scope: Scope): BundleObject | undefined {
  const { facts } = scope;
  const terms = volumesOf(scope).flatMap(nodesOf);
  const near = facts
    .of('Node')
    .filter((node) => terms.some((matchExpressions) => selects(matchExpressions, labelsOf(node))));
  const node = only(near);
  return node !== undefined && mayOpen(facts, node) ? node : undefined;
}

const shapeOf = (object: BundleObject | undefined) => (object === undefined ? undefined : podShapeOf(object));

/** The one closed node that the pods in question may be placed on. */
function cordonedNode(scope: Scope): BundleObject | undefined {
  const shape = shapeOf(subjectObject(scope) ?? ownContainers(scope)[0]?.pod);
  const wanted = textsAt(shape?.spec, 'nodeSelector');
  return only(scope.facts.of('Node').filter((node) => carries(wanted, labelsOf(node)) && mayOpen(scope.facts, node)));
}

/** A pod of the subject that has not begun to run and that its controller makes anew; the kubelet's own pods are no controller's. */
function stuckPod({ diagnosis: { subject }, facts }: Scope): BundleObject | undefined {
  return facts.graph
    .at([subject, ...facts.podsUnder(subject)].map(keyOf))
    .find(
      (pod) =>
        pod.kind === 'Pod' &&
        facts.graph.out(subjectOf(pod), 'owner').some(({ to }) => to.kind !== 'Node') &&
        facts.health(pod).state !== 'healthy' &&
        facts.containersOf(subjectOf(pod)).every(({ isRunning, ended }) => !isRunning && ended.length === 0),
    );
}

/** Every object that the catalogue may aim at, by name. */
export const targets = {
  subject: ({ diagnosis }) => diagnosis.subject,
  cause: ({ diagnosis }) => diagnosis.root_cause.subject,
  stuck_pod: (scope) => subjectAt(stuckPod(scope)),
  failing_pod: (scope) => subjectAt((failingContainer(scope) ?? ownContainers(scope)[0])?.pod),
  scaled_workload: (scope) => subjectAt(workloadBehind(scope, scope.diagnosis.subject)),
  stopped_workload: (scope) => subjectAt(scaledToNothing(scope, scope.diagnosis.subject)),
  stopped_webhook: (scope) => subjectAt(scaledToNothing(scope, webhookService(scope))),
  stopped_dependency: (scope) => subjectAt(scaledToNothing(scope, scope.diagnosis.root_cause.subject)),
  pod_on_lost_node: (scope) => subjectAt(podOnLostNode(scope)),
  cordoned_node: (scope) => subjectAt(cordonedNode(scope)),
  node_of_volume: (scope) => subjectAt(cordonedNodeOfVolume(scope)),
  node: (scope) => {
    const name = textAt((failingContainer(scope) ?? ownContainers(scope)[0])?.pod.body, 'spec.nodeName');
    return name === undefined ? undefined : { kind: 'Node', namespace: null, name };
  },
  name_service: ({ facts }) =>
    subjectAt(
      facts
        .of('Deployment')
        .find(({ namespace, name }) => namespace === 'kube-system' && /^(coredns|kube-dns)$/.test(name)),
    ),
} satisfies Record<string, (scope: Scope) => Subject | undefined>;
export type TargetName = keyof typeof targets;
