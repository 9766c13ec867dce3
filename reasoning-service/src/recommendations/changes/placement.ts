import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { carries, type Labels, selects } from '../../diagnosis/graph/label-selector.ts';
import { labelsOf } from '../../diagnosis/graph/object-graph.ts';
import { subjectOf } from '../../diagnosis/graph/object-key.ts';
import { keepsOff } from '../../diagnosis/graph/taint.ts';
import { conditionOf } from '../../diagnosis/health.ts';
import { isTrueAt, objectsAt, textAt, textsAt } from '../../diagnosis/json-path.ts';
import type { Scope } from '../scope.ts';
import { type Change, isNearName, only, ownWorkload } from './aimed.ts';

/** The value that nodes carry under a key in the place of one that none carries. */
function valueMeant(nodes: readonly BundleObject[], key: string, wanted: string): string | undefined {
  const values = [...new Set(nodes.flatMap((node) => labelsOf(node)[key] ?? []))];
  return only(values.filter((value) => isNearName(value, wanted))) ?? only(values);
}

/** The node selector with each pair that no node carries put right, where the nodes leave no doubt. */
export const nodeSelector: Change<'set_node_selector'> = {
  action: 'set_node_selector',
  of: (scope) => {
    const workload = ownWorkload(scope);
    const nodes = scope.facts.of('Node');
    const current = textsAt(workload?.pod, 'nodeSelector');
    const wrong = Object.entries(current).filter(
      ([key, value]) => !nodes.some((node) => labelsOf(node)[key] === value),
    );
    if (workload === undefined || wrong.length === 0) return undefined;
    const labels: Labels = { ...current };
    for (const [key, value] of wrong) {
      const meant = valueMeant(nodes, key, value);
      if (meant === undefined) return undefined;
      labels[key] = meant;
    }
    return nodes.some((node) => carries(labels, labelsOf(node)))
      ? { target: workload.target, parameters: { labels } }
      : undefined;
  },
};

const effects = ['NoSchedule', 'NoExecute'] as const;

const taintsKeepingOff = (node: BundleObject, tolerations: readonly JsonObject[]): JsonObject[] =>
  objectsAt(node.body, 'spec.taints').filter((taint) => keepsOff(taint, tolerations));

/** Tolerates the one taint that says the same as the label by which the workload asks for these nodes: they are its own. */
export const toleration: Change<'tolerate_taint'> = {
  action: 'tolerate_taint',
  of: (scope) => {
    const workload = ownWorkload(scope);
    const wanted = textsAt(workload?.pod, 'nodeSelector');
    if (workload === undefined || Object.keys(wanted).length === 0) return undefined;
    const nodes = scope.facts.of('Node').filter((node) => carries(wanted, labelsOf(node)));
    const tolerations = objectsAt(workload.pod, 'tolerations');
    const kinds = new Set(nodes.map((node) => JSON.stringify(taintsKeepingOff(node, tolerations))));
    const taint =
      nodes[0] === undefined || kinds.size !== 1 ? undefined : only(taintsKeepingOff(nodes[0], tolerations));
    const effect = effects.find((one) => one === textAt(taint, 'effect'));
    const key = textAt(taint, 'key');
    const value = textAt(taint, 'value');
    // Asking for a zone does not mean asking for what somebody keeps apart in it.
    if (effect === undefined || key === undefined || value === undefined || wanted[key] !== value) return undefined;
    return { target: workload.target, parameters: { key, value, effect } };
  },
};

const RULES = 'affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution';

/** Turns the rule that keeps the workload's pods apart into a wish, where it is the only one and about its own pods. */
export const antiAffinity: Change<'relax_anti_affinity'> = {
  action: 'relax_anti_affinity',
  of: (scope) => {
    const workload = ownWorkload(scope);
    const rule = only(objectsAt(workload?.pod, RULES));
    const topology_key = textAt(rule, 'topologyKey');
    const own = textsAt(workload?.object.body, 'spec.template.metadata.labels');
    if (workload === undefined || topology_key === undefined || !selects(rule?.['labelSelector'], own))
      return undefined;
    return { target: workload.target, parameters: { topology_key } };
  },
};

const ownerKind = (pod: BundleObject): string | undefined =>
  textAt(
    objectsAt(pod.body, 'metadata.ownerReferences').find((one) => isTrueAt(one, 'controller')),
    'kind',
  );

const isMovable = (pod: BundleObject): boolean =>
  ['ReplicaSet', 'StatefulSet'].includes(ownerKind(pod) ?? '') &&
  textAt(pod.body, 'metadata.deletionTimestamp') === undefined &&
  pod.namespace !== 'kube-system';

/** On a node that is gone an evicted pod would never end. */
const isReady = (node: BundleObject | undefined): boolean =>
  node !== undefined && textAt(conditionOf(node, 'Ready'), 'status') === 'True';

/** One pod that a controller makes anew elsewhere: one at a time is what a budget can answer for. */
export const movablePod: Change<'evict_pod'> = {
  action: 'evict_pod',
  of: ({ facts, diagnosis }: Scope) => {
    if (!isReady(facts.graph.find(diagnosis.subject))) return undefined;
    const [pod] = facts.graph
      .in(diagnosis.subject, 'runs_on')
      .flatMap(({ from }) => facts.graph.find(from) ?? [])
      .filter(isMovable);
    return pod === undefined ? undefined : { target: subjectOf(pod), parameters: {} };
  },
};
