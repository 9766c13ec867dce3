import type { BundleObject, Category, Subject } from '@aetherius/shared/contracts';
import { citeObject, type Facts } from '../facts.ts';
import { labelsOf } from '../graph/object-graph.ts';
import { inFull, keyOf, subjectOf } from '../graph/object-key.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { objectsAt, textAt, textsAt } from '../json-path.ts';
import type { Comparison } from './comparison.ts';

/** Causes that lie in the template: with them no pod of the same revision can work. */
const inTemplate: ReadonlySet<Category> = new Set([
  'container_start_error_bad_command',
  'probe_startup_failed',
  'unschedulable_node_selector',
]);

type Trait = { name: string; of: (facts: Facts, object: BundleObject) => string | undefined };

const nodeOf = (facts: Facts, pod: BundleObject): BundleObject | undefined =>
  facts.graph.find({ kind: 'Node', namespace: null, name: textAt(pod.body, 'spec.nodeName') ?? '' });

const ofNode = (path: string) => (_: Facts, node: BundleObject) => textAt(node.body, path);
const zoneOf = (node: BundleObject | undefined) =>
  node === undefined ? undefined : textsAt(node.body, 'metadata.labels')['topology.kubernetes.io/zone'];

/** What may tell pods of one revision apart, the most telling first. */
const podTraits: readonly Trait[] = [
  { name: 'node', of: (_, { body }) => textAt(body, 'spec.nodeName') },
  { name: 'zone', of: (facts, pod) => zoneOf(nodeOf(facts, pod)) },
  { name: 'kubelet', of: (facts, pod) => textAt(nodeOf(facts, pod)?.body, 'status.nodeInfo.kubeletVersion') },
  { name: 'image id', of: (_, { body }) => textAt(objectsAt(body, 'status.containerStatuses')[0], 'imageID') },
];

const nodeTraits: readonly Trait[] = [
  { name: 'zone', of: (_, node) => zoneOf(node) },
  { name: 'kubelet', of: ofNode('status.nodeInfo.kubeletVersion') },
  { name: 'kernel', of: ofNode('status.nodeInfo.kernelVersion') },
  { name: 'runtime', of: ofNode('status.nodeInfo.containerRuntimeVersion') },
];

type Sides = { broken: BundleObject[]; healthy: BundleObject[] };

/** Traits that every broken one has in common and no healthy one has. */
function differences(
  facts: Facts,
  { broken, healthy }: Sides,
  traits: readonly Trait[],
): { name: string; value: string }[] {
  return traits.flatMap(({ name, of }) => {
    const [value, ...others] = [...new Set(broken.map((one) => of(facts, one)))];
    const isShared = value !== undefined && others.length === 0;
    return isShared && healthy.every((one) => of(facts, one) !== value) ? [{ name, value }] : [];
  });
}

const revisionOf = (facts: Facts, pod: BundleObject): string =>
  labelsOf(pod)['controller-revision-hash'] ??
  labelsOf(pod)['pod-template-hash'] ??
  facts.graph
    .out(subjectOf(pod), 'owner')
    .map(({ to }) => keyOf(to))
    .join();

/** The pods of a workload that share the revision of those that fail. */
function podsOf(facts: Facts, subject: Subject): Sides {
  const pods = facts.podsUnder(subject);
  const broken = pods.filter((pod) => facts.health(pod).state === 'broken');
  const revisions = new Set(broken.map((pod) => revisionOf(facts, pod)));
  const healthy = pods.filter((pod) => facts.health(pod).state === 'healthy' && revisions.has(revisionOf(facts, pod)));
  return { broken, healthy };
}

const known = new WeakMap<Facts, readonly BundleObject[]>();

function healthyNodes(facts: Facts): readonly BundleObject[] {
  const healthy = known.get(facts) ?? facts.of('Node').filter((node) => facts.health(node).state === 'healthy');
  known.set(facts, healthy);
  return healthy;
}

const nodesOf = (facts: Facts, subject: Subject): Sides => ({
  broken: facts.graph.at([keyOf(subject)]),
  healthy: healthyNodes(facts).filter(({ name }) => name !== subject.name),
});

type Compared = Pick<Hypothesis, 'subject' | 'category'> & { cause: { subject: Subject } };

function speaks({ category, cause, subject }: Compared, place: string | undefined): Comparison['speaks'] {
  if (subject.kind === 'Node' || (cause.subject.kind === 'Node' && cause.subject.name === place)) return 'for';
  return inTemplate.has(category) ? 'against' : 'neither';
}

/** The fault beside peers that are healthy: other pods of the same revision, or the other nodes. */
export function withPeers(facts: Facts, hypothesis: Compared): Comparison | undefined {
  const { subject } = hypothesis;
  const isNode = subject.kind === 'Node';
  const sides = isNode ? nodesOf(facts, subject) : podsOf(facts, subject);
  const { broken, healthy } = sides;
  const [shown] = healthy;
  if (broken.length === 0 || shown === undefined) return undefined;
  const differs = differences(facts, sides, isNode ? nodeTraits : podTraits);
  const node = differs.find(({ name }) => name === 'node')?.value;
  const all = broken.length + healthy.length;
  const words =
    differs.length === 0
      ? `no ${isNode ? 'zone, kubelet, kernel or runtime' : 'node, zone, kubelet or image'} that was read sets the others apart`
      : `what fails differs in ${differs.map(({ name, value }) => `${name} ${value}`).join(', ')}`;
  return {
    with: 'peers',
    speaks: speaks(hypothesis, node),
    says: `${healthy.length} of ${all} ${isNode ? 'nodes' : `pods of the same revision of ${inFull(subject)}`} are healthy; ${words}`,
    evidence: [
      ...citeObject(shown, facts.health(shown).line),
      ...(node === undefined || broken[0] === undefined ? [] : citeObject(broken[0], `spec.nodeName: ${node}`)),
    ],
  };
}
