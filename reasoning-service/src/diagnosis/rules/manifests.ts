import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { citeObject, type Facts } from '../facts.ts';
import { type Labels, selects } from '../graph/label-selector.ts';
import { labelsOf } from '../graph/object-graph.ts';
import { subjectOf } from '../graph/object-key.ts';
import { podShapeOf, workloadKinds } from '../graph/pod-spec.ts';
import { keepsOff } from '../graph/taint.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { isTrueAt, numberAt, objectAt, objectsAt, own, textAt, textsAt, valueAt } from '../json-path.ts';
import { finding } from '../said.ts';
import { isDesignOnly } from './references.ts';

/** Figures that a quota counts, with the container field that must then be stated. */
const counted: Record<string, string> = {
  'limits.cpu': 'limits.cpu',
  'limits.memory': 'limits.memory',
  'requests.cpu': 'requests.cpu',
  'requests.memory': 'requests.memory',
  cpu: 'requests.cpu',
  memory: 'requests.memory',
};

/** A stated limit stands for the request as well. */
function states(container: JsonObject, field: string): boolean {
  const [kind = '', resource = ''] = field.split('.');
  const resources = objectAt(container, 'resources');
  return (
    valueAt(resources, `${kind}.${resource}`) !== undefined ||
    (kind === 'requests' && valueAt(resources, `limits.${resource}`) !== undefined)
  );
}

const hasDefaults = (facts: Facts, namespace: string | null): boolean =>
  facts
    .of('LimitRange')
    .some(
      (range) =>
        range.namespace === namespace &&
        objectsAt(range.body, 'spec.limits').some(
          ({ default: limits, defaultRequest }) => limits !== undefined || defaultRequest !== undefined,
        ),
    );

function lackingFigures(facts: Facts, object: BundleObject): Hypothesis[] {
  const shape = isDesignOnly(facts, object) ? podShapeOf(object) : undefined;
  if (shape === undefined || hasDefaults(facts, object.namespace)) return [];
  for (const quota of facts.of('ResourceQuota')) {
    const hard = { ...textsAt(quota.body, 'status.hard'), ...textsAt(quota.body, 'spec.hard') };
    const lacking = Object.keys(hard)
      .flatMap((name) => own(counted, name) ?? [])
      .filter((field) => objectsAt(shape.spec, 'containers').some((container) => !states(container, field)));
    if (quota.namespace !== object.namespace || lacking.length === 0) continue;
    return [
      finding({
        category: 'quota_requires_limits',
        isByDesign: true,
        subject: facts.top(object),
        cause: subjectOf(quota),
        description: `quota ${quota.name} counts ${lacking.join(', ')}, which the pods of ${object.kind} ${object.name} do not state`,
        weight: 0.85,
        evidence: [...citeObject(quota, 'hard.'), ...citeObject(object, 'image: ')],
        affects: [subjectOf(object)],
      }),
    ];
  }
  return [];
}

/** Workloads that state no figures where a quota counts them and no LimitRange gives defaults. */
export const quotaNeedsFigures: Rule = (facts) =>
  facts.of('ResourceQuota').length === 0
    ? []
    : facts.bundle.objects
        .filter(({ kind }) => kind === 'Pod' || workloadKinds.has(kind))
        .flatMap((object) => lackingFigures(facts, object));

/** Whether all nodes are told: by a whole listing, or by manifests, which have no status and come together. */
const areAllNodes = (facts: Facts): boolean =>
  facts.graph.isWhole('Node', null) ||
  facts.bundle.objects.every(({ kind, body }) => kind !== 'Node' || body['status'] === undefined);

/** How many places there are for pods that must be apart: distinct values of the topology label among nodes that take pods. */
function placesFor(facts: Facts, key: string): number | undefined {
  const nodes = facts
    .of('Node')
    .filter(
      ({ body }) =>
        !isTrueAt(body, 'spec.unschedulable') &&
        !objectsAt(body, 'spec.taints').some((taint) => textAt(taint, 'key')?.includes('control-plane')),
    );
  if (nodes.length === 0 || !areAllNodes(facts)) return undefined;
  return new Set(nodes.map((node) => labelsOf(node)[key] ?? (key === 'kubernetes.io/hostname' ? node.name : undefined)))
    .size;
}

function apart(facts: Facts, object: BundleObject): Hypothesis[] {
  const shape = isDesignOnly(facts, object) ? podShapeOf(object) : undefined;
  const replicas = numberAt(object.body, 'spec.replicas') ?? 1;
  if (shape === undefined || object.kind === 'Pod') return [];
  const terms = objectsAt(shape.spec, 'affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution');
  for (const term of terms) {
    const key = textAt(term, 'topologyKey') ?? '';
    const places = selects(term['labelSelector'], shape.labels) ? placesFor(facts, key) : undefined;
    if (places === undefined || places >= replicas) continue;
    return [
      finding({
        category: 'unschedulable_affinity',
        isByDesign: true,
        subject: subjectOf(object),
        description: `its ${replicas} replicas must be apart by ${key}, of which there are ${places}`,
        weight: 0.84,
        evidence: [...citeObject(object, `topologyKey: ${key}`), ...citeObject(object, 'spec.replicas')],
      }),
    ];
  }
  return [];
}

/** Replicas that must be apart and are more than there are places. */
export const antiAffinity: Rule = (facts) =>
  facts.bundle.objects.filter(({ kind }) => workloadKinds.has(kind)).flatMap((object) => apart(facts, object));

/** Where a manifest wants its pods to be, and the nodes that are told of. */
type Wish = { facts: Facts; object: BundleObject; spec: JsonObject; wanted: Labels; nodes: readonly BundleObject[] };

const inWords = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

function unplaceable({ facts, object, wanted }: Wish): Hypothesis[] {
  const [key] = Object.keys(wanted);
  if (key === undefined || !areAllNodes(facts)) return [];
  return [
    finding({
      category: 'unschedulable_node_selector',
      isByDesign: true,
      subject: facts.top(object),
      description: `no node carries ${inWords(wanted)}`,
      weight: 0.85,
      evidence: citeObject(object, `nodeSelector.${key}`),
      affects: [subjectOf(object)],
    }),
  ];
}

/** Every node that the selector fits is kept for others; the toleration that was meant for it may be misspelt. */
function keptOff({ facts, object, spec, wanted, nodes }: Wish): Hypothesis[] {
  const tolerations = objectsAt(spec, 'tolerations');
  const taintOf = ({ body }: BundleObject) =>
    objectsAt(body, 'spec.taints').find((taint) => keepsOff(taint, tolerations));
  const [node] = nodes;
  if (node === undefined || nodes.some((one) => taintOf(one) === undefined)) return [];
  const key = textAt(taintOf(node), 'key') ?? '';
  const isAll = areAllNodes(facts);
  // Without a selector any node that is not told of would do.
  if (!isAll && Object.keys(wanted).length === 0) return [];
  const which = Object.keys(wanted).length === 0 ? 'every node' : `every node with ${inWords(wanted)}`;
  const tolerated = tolerations.map((one) => textAt(one, 'key') ?? '').join(', ');
  return [
    finding({
      category: 'unschedulable_taint',
      subject: facts.top(object),
      description: `${which} has a taint that the pods do not tolerate: ${key}${tolerated === '' ? '' : `; they tolerate ${tolerated}`}`,
      weight: isAll ? 0.85 : 0.72,
      evidence: [
        ...citeObject(node, `.key: ${key}`),
        ...citeObject(object, '.tolerations['),
        ...citeObject(object, 'nodeSelector.'),
      ],
      affects: [subjectOf(object)],
    }),
  ];
}

function misplaced(facts: Facts, object: BundleObject): Hypothesis[] {
  const shape = isDesignOnly(facts, object) ? podShapeOf(object) : undefined;
  // A daemon set goes where it may, and a pod with a node's name past the scheduler.
  if (shape === undefined || object.kind === 'DaemonSet' || textAt(shape.spec, 'nodeName') !== undefined) return [];
  const wanted = textsAt(shape.spec, 'nodeSelector');
  const isAnywhere = Object.keys(wanted).length === 0;
  const all = facts.of('Node');
  const nodes = isAnywhere ? all : all.filter((node) => selects({ matchLabels: wanted }, labelsOf(node)));
  const wish = { facts, object, spec: shape.spec, wanted, nodes };
  return nodes.length === 0 ? unplaceable(wish) : keptOff(wish);
}

/** Manifests whose pods have no node to go to: by their selector, or for the taints of those that it fits. */
export const noPlace: Rule = (facts) =>
  facts.of('Node').length === 0 ? [] : facts.bundle.objects.flatMap((object) => misplaced(facts, object));
