import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { carries, type Labels, selects } from '../../diagnosis/graph/label-selector.ts';
import { labelsOf } from '../../diagnosis/graph/object-graph.ts';
import { subjectOf } from '../../diagnosis/graph/object-key.ts';
import { keepsOff } from '../../diagnosis/graph/taint.ts';
import { conditionOf } from '../../diagnosis/health/health.ts';
import { isTrueAt, numberAt, objectsAt, textAt, textsAt, wordsAt } from '../../diagnosis/json-path.ts';
import { type Scope, subjectObject, volumesOf } from '../scope.ts';
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

const ARCHITECTURE = 'kubernetes.io/arch';

/** The processors of the nodes on which pods of the subject are in a state; undefined for a node of which nothing is known. */
const processorsOf = ({ facts, diagnosis }: Scope, state: 'healthy' | 'broken'): Set<string | undefined> =>
  new Set(
    facts
      .podsUnder(diagnosis.subject)
      .filter((pod) => facts.health(pod).state === state)
      .flatMap((pod) => facts.graph.out(subjectOf(pod), 'runs_on'))
      .map(({ to }) => textsAt(facts.graph.find(to)?.body, 'metadata.labels')[ARCHITECTURE]),
  );

/** The pods go to nodes with the processor on which they run; on the other their program cannot even start. */
export const matchingProcessor: Change<'set_node_selector'> = {
  action: 'set_node_selector',
  of: (scope) => {
    const workload = ownWorkload(scope);
    const current = textsAt(workload?.pod, 'nodeSelector');
    const [good, bad] = [processorsOf(scope, 'healthy'), processorsOf(scope, 'broken')];
    const architecture = only([...good]);
    if (workload === undefined || architecture === undefined || bad.size === 0 || bad.has(architecture))
      return undefined;
    if (bad.has(undefined) || current[ARCHITECTURE] !== undefined) return undefined;
    return { target: workload.target, parameters: { labels: { ...current, [ARCHITECTURE]: architecture } } };
  },
};

/** The one value that a volume wants of its nodes under a label. */
function wantedBy(volume: BundleObject, key: string): string | undefined {
  const term = only(objectsAt(volume.body, 'spec.nodeAffinity.required.nodeSelectorTerms'));
  const rule = objectsAt(term, 'matchExpressions').find((one) => one['key'] === key && one['operator'] === 'In');
  return only(wordsAt(rule, 'values'));
}

/** The pods ask for the zone or node where their volume is, in the place of another one under the same label. */
export const volumePlace: Change<'set_node_selector'> = {
  action: 'set_node_selector',
  of: (scope) => {
    const workload = ownWorkload(scope);
    const current = textsAt(workload?.pod, 'nodeSelector');
    const volume = only(volumesOf(scope));
    if (workload === undefined || volume === undefined) return undefined;
    const labels = Object.fromEntries(
      Object.entries(current).map(([key, value]) => [key, wantedBy(volume, key) ?? value] as const),
    );
    const hasMoved = Object.entries(labels).some(([key, value]) => current[key] !== value);
    const isThere = scope.facts.of('Node').some((node) => carries(labels, labelsOf(node)));
    return hasMoved && isThere ? { target: workload.target, parameters: { labels } } : undefined;
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

/** The topology over which a rule keeps the workload's pods apart, where it is the only one and about its own pods. */
function keptApartBy(workload: ReturnType<typeof ownWorkload>): string | undefined {
  const rule = only(objectsAt(workload?.pod, RULES));
  const own = textsAt(workload?.object.body, 'spec.template.metadata.labels');
  return selects(rule?.['labelSelector'], own) ? textAt(rule, 'topologyKey') : undefined;
}

/** Turns the rule that keeps the workload's pods apart into a wish. */
export const antiAffinity: Change<'relax_anti_affinity'> = {
  action: 'relax_anti_affinity',
  of: (scope) => {
    const workload = ownWorkload(scope);
    const topology_key = keptApartBy(workload);
    return workload === undefined || topology_key === undefined
      ? undefined
      : { target: workload.target, parameters: { topology_key } };
  },
};

const isOpen = (node: BundleObject): boolean => isReady(node) && !isTrueAt(node.body, 'spec.unschedulable');

/**
 * As many pods as there are nodes for, where no two may share one: those beyond can never run. Not during a rollout, whose one
 * pod too many needs another way of rolling out, and not below two.
 */
export const replicasForPlaces: Change<'scale_workload'> = {
  action: 'scale_workload',
  of: (scope) => {
    const object = subjectObject(scope);
    const workload = ownWorkload(scope);
    const [wanted, ready] = [numberAt(object?.body, 'spec.replicas'), numberAt(object?.body, 'status.readyReplicas')];
    if (object === undefined || workload === undefined || wanted === undefined || ready === undefined) return undefined;
    const places = scope.facts.of('Node').filter(isOpen).length;
    const isTooMany = ready >= 2 && ready < wanted && places === ready;
    const isRolled = numberAt(object.body, 'status.updatedReplicas') === numberAt(object.body, 'status.replicas');
    const isHost = keptApartBy(workload) === 'kubernetes.io/hostname';
    return isTooMany && isRolled && isHost ? { target: workload.target, parameters: { replicas: ready } } : undefined;
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
