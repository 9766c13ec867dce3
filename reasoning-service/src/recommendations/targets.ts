import type { Action, BundleObject, Subject } from '@aetherius/shared/contracts';
import { carries } from '../diagnosis/graph/label-selector.ts';
import { templateLabels } from '../diagnosis/graph/object-graph.ts';
import { subjectOf } from '../diagnosis/graph/object-key.ts';
import { isTrueAt, numberAt, objectsAt, textAt, textsAt } from '../diagnosis/json-path.ts';
import { failingContainer, ownContainers, type Scope, workloadBehind } from './scope.ts';

const templated = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** The kinds that a writing action can be aimed at; anything can be read. */
const kinds: Partial<Record<Action, readonly string[]>> = {
  restart_workload: templated,
  scale_workload: ['Deployment', 'StatefulSet'],
  set_resources: templated,
  rollback_workload: ['Deployment'],
  delete_pod: ['Pod'],
  cordon_node: ['Node'],
  uncordon_node: ['Node'],
  logs: ['Pod'],
};

/** Whether the action can be aimed at an object of this kind. */
export const suits = (action: Action, { kind }: Subject): boolean => kinds[action]?.includes(kind) ?? true;

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
  node: (scope) => {
    const name = textAt((failingContainer(scope) ?? ownContainers(scope)[0])?.pod.body, 'spec.nodeName');
    return name === undefined ? undefined : { kind: 'Node', namespace: null, name };
  },
  name_service: ({ facts }) => subjectAt(facts.of('Deployment').find(({ name }) => /^(coredns|kube-dns)$/.test(name))),
} satisfies Record<string, (scope: Scope) => Subject | undefined>;
export type TargetName = keyof typeof targets;
