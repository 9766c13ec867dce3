import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import { metricText } from '../evidence.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import { subjectOf } from '../graph/object-key.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { numberAt, objectsAt, textAt, wordAt } from '../json-path.ts';
import { parseQuantity } from '../quantity.ts';
import { finding, groupBy, type Said, saidByPods } from '../said.ts';

const refused =
  /^(?:OutOf(?:cpu|memory|pods|ephemeral-storage)|Node didn't have enough (?:resource|capacity)|Pod was rejected: Node didn't have enough)/;
/** A node asked for this share of what it has takes no more. */
const FULL = 0.97;

/** Pods of which a row of a table, or a status without a message, tells no more than the reason. */
const refusedSilently = (facts: Facts): Said[] =>
  facts
    .of('Pod')
    .filter(({ body }) => textAt(body, 'status.message') === undefined)
    .filter((pod) => facts.health(pod).state === 'broken' && refused.test(textAt(pod.body, 'status.reason') ?? ''))
    .map((pod) => ({
      about: subjectOf(pod),
      message: textAt(pod.body, 'status.reason') ?? '',
      evidence: citeObject(pod, 'status.reason: '),
    }));

/** Pods that their node refused after they were bound to it. */
function refusals(facts: Facts): (Said & { node: string | undefined })[] {
  const events = facts
    .events({ kind: 'Pod', reason: ['OutOfcpu', 'OutOfmemory', 'OutOfpods', 'OutOfephemeral-storage'] })
    .map((event) => ({ about: subjectOf(event), message: event.message, evidence: citeEvents([event]) }));
  const statuses = saidByPods(facts).filter(
    ({ message }) => refused.test(message.replace(/^[A-Za-z]*: /, '')) || refused.test(message),
  );
  return [...events, ...statuses, ...refusedSilently(facts)].map((said) => ({
    ...said,
    node: textAt(facts.graph.find(said.about)?.body, 'spec.nodeName') ?? nodeOf(facts),
  }));
}

const nodeOf = (facts: Facts): string | undefined => {
  if (facts.subject.kind === 'Node') return facts.subject.name;
  return facts.of('Node').length === 1 ? facts.of('Node')[0]?.name : undefined;
};

const byRefusal = (facts: Facts): Hypothesis[] =>
  groupBy(refusals(facts), ({ node }) => node ?? '').flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const subject: Subject =
      first.node === undefined ? facts.top(first.about) : { kind: 'Node', namespace: null, name: first.node };
    return finding({
      category: 'node_overcommit',
      subject,
      description: `the node has no room for the pod that was bound to it: ${first.message.slice(0, 300)}`,
      weight: 0.93,
      evidence: group.flatMap(({ evidence }) => evidence),
      affects: group.flatMap(({ about }) => [about, facts.top(about)]),
    });
  });

const requested = (pods: readonly BundleObject[], resource: string): number =>
  pods
    .flatMap(({ body }) => objectsAt(body, 'spec.containers'))
    .reduce((sum, container) => sum + (parseQuantity(wordAt(container, `resources.requests.${resource}`)) ?? 0), 0);

/** What the pods of a node ask for, as it was summed up or as their specs say. */
const askedOf = (node: BundleObject, pods: readonly BundleObject[], resource: string): number =>
  parseQuantity(wordAt(node.body, `status.requested.${resource}`)) ?? requested(pods, resource);

/** What a node is asked for against what it has, where the node is what the bundle is about. */
function fullNode(facts: Facts, node: BundleObject): Hypothesis[] {
  if (facts.subject.kind !== 'Node' || facts.subject.name !== node.name) return [];
  const pods = facts.graph
    .in(subjectOf(node), 'runs_on')
    .flatMap(({ from }) => facts.graph.find(from) ?? [])
    .filter(({ body }) => !['Succeeded', 'Failed'].includes(textAt(body, 'status.phase') ?? ''));
  const shares = ['cpu', 'memory'].map((resource) => ({
    resource,
    share:
      askedOf(node, pods, resource) /
      (parseQuantity(wordAt(node.body, `status.allocatable.${resource}`)) ?? Number.POSITIVE_INFINITY),
  }));
  const count = numberAt(node.body, 'status.podCount') ?? pods.length;
  const most = parseQuantity(wordAt(node.body, 'status.allocatable.pods'));
  const full =
    most !== undefined && count >= most
      ? { resource: 'pods', share: count / most }
      : shares.find(({ share }) => share >= FULL);
  const stated = facts.events({ reason: ['FailedScheduling'], message: /Insufficient|Too many pods/ });
  if (full === undefined || (stated.length === 0 && full.resource !== 'pods' && full.share < 1)) return [];
  return [
    finding({
      category: 'node_overcommit',
      subject: subjectOf(node),
      description: `pods ask for ${Math.round(full.share * 100)} % of the ${full.resource} of node ${node.name}`,
      weight: 0.88,
      evidence: [...citeObject(node, `allocatable.${full.resource}`), ...citeEvents(stated, 2)],
      affects: stated.flatMap((event) => [subjectOf(event), facts.top(subjectOf(event))]),
    }),
  ];
}

/** In use to this share, in percent, a node has nothing left; that alone does no harm, so it only says where to look. */
const ALL_IN_USE = 95;
const IN_USE = 0.5;
const uses = [
  { metric: 'memory_usage_percent', category: 'node_memory_pressure', words: 'memory' },
  { metric: 'cpu_usage_percent', category: 'node_overcommit', words: 'processor time' },
] as const;

/** A node that is fully used, by the first of its figures that says so. */
function busyNodes({ bundle }: Facts): Hypothesis[] {
  const full = uses.flatMap(({ metric, category, words }) =>
    bundle.metrics
      .filter(({ name, points }) => name === metric && (points.at(-1)?.[1] ?? 0) >= ALL_IN_USE)
      .map((one) => ({ one, category, words, node: one.labels['node'] ?? '' })),
  );
  return groupBy(full, ({ node }) => node).flatMap((group) => {
    const [first] = group;
    if (first === undefined || first.node === '') return [];
    const told = group.map(({ one, words }) => `${one.points.at(-1)?.[1]} % of its ${words}`);
    return finding({
      category: first.category,
      subject: { kind: 'Node', namespace: null, name: first.node },
      description: `node ${first.node} uses ${told.join(' and ')}`,
      weight: IN_USE,
      evidence: group.map(({ one }) => ({ id: one.id, quote: metricText(one) })),
    });
  });
}

/** Nodes at their capacity. */
export const nodeRoom: Rule = (facts) => [
  ...byRefusal(facts),
  ...busyNodes(facts),
  ...facts.of('Node').flatMap((node) => fullNode(facts, node)),
];
