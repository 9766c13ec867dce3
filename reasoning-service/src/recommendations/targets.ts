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
import { isSame, subjectOf } from '../diagnosis/graph/object-key.ts';
import { isTrueAt, numberAt, objectsAt, textAt, textsAt } from '../diagnosis/json-path.ts';
import { failingContainer, ownContainers, type Scope, workloadBehind } from './scope.ts';

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

/** A pod that goes but cannot, because the node that would have to end it is gone. */
const podOnLostNode = ({ facts }: Scope) =>
  facts.of('Pod').find((pod) => {
    const node = facts.of('Node').find(({ name }) => name === textAt(pod.body, 'spec.nodeName'));
    return textAt(pod.body, 'metadata.deletionTimestamp') !== undefined && node !== undefined && !isReady(node);
  });

/** A workload that a Service selects and that somebody scaled to nothing. */
const scaledToNothing = (scope: Scope, service: Subject) => {
  const selector = textsAt(scope.facts.graph.find(service)?.body, 'spec.selector');
  return [...scope.facts.of('Deployment'), ...scope.facts.of('StatefulSet')].find(
    (workload) =>
      workload.namespace === service.namespace &&
      Object.keys(selector).length > 0 &&
      carries(selector, templateLabels(workload)) &&
      numberAt(workload.body, 'spec.replicas') === 0,
  );
};

const nodesOf = (volume: BundleObject): JsonObject[] =>
  objectsAt(volume.body, 'spec.nodeAffinity.required.nodeSelectorTerms');

/** The closed node on which alone a volume of the subject can be had. */
function cordonedNodeOfVolume({ diagnosis, facts }: Scope): BundleObject | undefined {
  const claims = facts.bundle.objects
    .filter((one) => isSame(one, diagnosis.subject) || isSame(facts.top(subjectOf(one)), diagnosis.subject))
    .flatMap((one) => facts.graph.out(subjectOf(one), 'claims').map(({ to }) => to));
  const volumes = claims.flatMap((claim) =>
    facts.graph.out(claim, 'binds').flatMap(({ to }) => facts.graph.find(to) ?? []),
  );
  const terms = volumes.flatMap(nodesOf);
  const near = facts
    .of('Node')
    .filter((node) => terms.some((matchExpressions) => selects(matchExpressions, labelsOf(node))));
  return near.length === 1 && near[0] !== undefined && isTrueAt(near[0].body, 'spec.unschedulable') && isReady(near[0])
    ? near[0]
    : undefined;
}

/** Every object that the catalogue may aim at, by name. */
export const targets = {
  subject: ({ diagnosis }) => diagnosis.subject,
  cause: ({ diagnosis }) => diagnosis.root_cause.subject,
  failing_pod: (scope) => subjectAt((failingContainer(scope) ?? ownContainers(scope)[0])?.pod),
  scaled_workload: (scope) => subjectAt(workloadBehind(scope, scope.diagnosis.subject)),
  stopped_workload: (scope) => subjectAt(scaledToNothing(scope, scope.diagnosis.subject)),
  stopped_dependency: (scope) => subjectAt(scaledToNothing(scope, scope.diagnosis.root_cause.subject)),
  pod_on_lost_node: (scope) => subjectAt(podOnLostNode(scope)),
  cordoned_node: ({ facts }) =>
    subjectAt(facts.of('Node').find((node) => isTrueAt(node.body, 'spec.unschedulable') && isReady(node))),
  node_of_volume: (scope) => subjectAt(cordonedNodeOfVolume(scope)),
  node: (scope) => {
    const name = textAt((failingContainer(scope) ?? ownContainers(scope)[0])?.pod.body, 'spec.nodeName');
    return name === undefined ? undefined : { kind: 'Node', namespace: null, name };
  },
  name_service: ({ facts }) => subjectAt(facts.of('Deployment').find(({ name }) => /^(coredns|kube-dns)$/.test(name))),
} satisfies Record<string, (scope: Scope) => Subject | undefined>;
export type TargetName = keyof typeof targets;
