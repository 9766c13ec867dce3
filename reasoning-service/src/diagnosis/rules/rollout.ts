import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { citeEvents, citeObject, type Facts } from '../facts.ts';
import { type Labels, selects } from '../graph/label-selector.ts';
import { labelsOf } from '../graph/object-graph.ts';
import { isSame, keyOf, subjectOf } from '../graph/object-key.ts';
import { conditionOf } from '../health/health.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { isTrueAt, numberAt, textAt, textsAt, valueAt } from '../json-path.ts';
import { finding, groupBy } from '../said.ts';

/** What a pod of the workload says it waits for. */
function unready(facts: Facts, workload: BundleObject): { words: string; evidence: Evidence[] } {
  for (const pod of facts.of('Pod').filter((one) => isSame(facts.top(subjectOf(one)), workload))) {
    const ready = conditionOf(pod, 'Ready');
    const message = textAt(ready, 'status') === 'False' ? textAt(ready, 'message') : undefined;
    if (message === undefined) continue;
    return { words: ` (${pod.name}: ${message.slice(0, 200)})`, evidence: citeObject(pod, message.slice(0, 200)) };
  }
  return { words: '', evidence: [] };
}

function stuckDeployment(facts: Facts, deployment: BundleObject): Hypothesis[] {
  const progress = conditionOf(deployment, 'Progressing');
  if (textAt(progress, 'status') !== 'False' || textAt(progress, 'reason') !== 'ProgressDeadlineExceeded') return [];
  const waits = unready(facts, deployment);
  return [
    finding({
      category: 'rollout_stuck',
      subject: subjectOf(deployment),
      description: `the rollout does not progress: ${textAt(progress, 'message') ?? 'its deadline has passed'}${waits.words}`,
      weight: 0.85,
      evidence: [...citeObject(deployment, 'ProgressDeadlineExceeded'), ...waits.evidence],
    }),
  ];
}

/** A stateful set whose new revision has not come further than the old one, with pods that are not ready. */
function stuckStatefulSet(facts: Facts, set: BundleObject): Hypothesis[] {
  const current = textAt(set.body, 'status.currentRevision');
  const next = textAt(set.body, 'status.updateRevision');
  const isHeld =
    current !== undefined && next !== undefined && current !== next && facts.health(set).state === 'broken';
  if (!isHeld || (numberAt(set.body, 'status.updatedReplicas') ?? 0) >= (numberAt(set.body, 'spec.replicas') ?? 1))
    return [];
  return [
    finding({
      category: 'rollout_stuck',
      subject: subjectOf(set),
      description: `the rollout from ${current} to ${next} does not progress`,
      weight: 0.75,
      evidence: citeObject(set, 'status.updateRevision'),
    }),
  ];
}

/** Rollouts that do not progress; any other cause goes before. */
export const stuckRollout: Rule = (facts) => [
  ...facts.of('Deployment').flatMap((one) => stuckDeployment(facts, one)),
  ...facts.of('StatefulSet').flatMap((set) => stuckStatefulSet(facts, set)),
];

const heldEviction = /disruption budget|PodDisruptionBudget|\bpdb\b/i;
const heldReasons = [
  'FailedDraining',
  'ScaleDownFailed',
  'EvictionFailed',
  'FailedEviction',
  'DisruptionBlocked',
  'NodeDrainFailed',
  'DrainFailed',
  'NotDeleted',
  'CannotEvict',
  'MultiplePodDisruptionBudgets',
];

/** Whether a budget guards pods with these labels; a row of a table does not tell its selector. */
const guards = ({ body }: BundleObject, labels: Labels): boolean => {
  const selector = valueAt(body, 'spec.selector');
  return selector !== undefined && selects(selector, labels);
};

const podsUnder = (facts: Facts, budget: BundleObject): BundleObject[] =>
  facts.of('Pod').filter((pod) => pod.namespace === budget.namespace && guards(budget, labelsOf(pod)));

const allowsNone = ({ body }: BundleObject): boolean => numberAt(body, 'status.disruptionsAllowed') === 0;

/** The budget that must be meant when no message names one. */
function onlyBudget(facts: Facts): BundleObject | undefined {
  const strict = facts.of('PodDisruptionBudget').filter(allowsNone);
  return strict.length === 1 ? strict[0] : undefined;
}

/** What a budget guards: the controller of its pods, or of the name that an event gives. */
function guarded(facts: Facts, budget: BundleObject | undefined, fallback: Subject): Subject {
  const [pod] = budget === undefined ? [] : podsUnder(facts, budget);
  if (pod !== undefined) return facts.top(subjectOf(pod));
  const workload = [...facts.of('Deployment'), ...facts.of('StatefulSet')].find(
    ({ namespace, body }) =>
      budget !== undefined &&
      namespace === budget.namespace &&
      guards(budget, textsAt(body, 'spec.template.metadata.labels')),
  );
  return workload === undefined ? facts.top(fallback) : subjectOf(workload);
}

function byEvents(facts: Facts): Hypothesis[] {
  const events = facts.open.filter(
    ({ reason, message }) =>
      heldEviction.test(message) &&
      (heldReasons.includes(reason) || /evict|drain|disrupt/i.test(`${reason} ${message}`)),
  );
  return groupBy(events, (event) => keyOf(facts.top(subjectOf(event)))).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const budget =
      facts.of('PodDisruptionBudget').find((one) => group.some(({ message }) => message.includes(one.name))) ??
      onlyBudget(facts);
    return finding({
      category: 'pdb_blocks_eviction',
      subject: guarded(facts, budget, subjectOf(first)),
      ...(budget === undefined ? {} : { cause: subjectOf(budget) }),
      description: `a disruption budget holds the eviction: ${first.message.slice(0, 300)}`,
      weight: 0.94,
      evidence: [...citeEvents(group, 2), ...(budget === undefined ? [] : citeObject(budget, 'disruptionsAllowed'))],
    });
  });
}

/** A budget that lets nothing go while a node with its pods is cordoned to be drained. */
const byCordon = (facts: Facts): Hypothesis[] =>
  facts
    .of('PodDisruptionBudget')
    .filter(allowsNone)
    .flatMap((budget) => {
      const held = podsUnder(facts, budget).find((pod) => {
        const name = textAt(pod.body, 'spec.nodeName');
        const node = name === undefined ? undefined : facts.graph.find({ kind: 'Node', namespace: null, name });
        return node !== undefined && isTrueAt(node.body, 'spec.unschedulable');
      });
      const node =
        held === undefined
          ? undefined
          : facts.graph.find({ kind: 'Node', namespace: null, name: textAt(held.body, 'spec.nodeName') ?? '' });
      if (held === undefined || node === undefined) return [];
      return finding({
        category: 'pdb_blocks_eviction',
        subject: facts.top(subjectOf(held)),
        cause: subjectOf(budget),
        description: `budget ${budget.name} allows no disruption, so node ${node.name} cannot be drained`,
        weight: 0.86,
        evidence: [...citeObject(budget, 'disruptionsAllowed: 0'), ...citeObject(node, 'unschedulable: true')],
      });
    });

/** Disruption budgets that hold a drain or an upgrade. */
export const heldByBudget: Rule = (facts) => {
  const told = byEvents(facts);
  const isTold = ({ cause }: Hypothesis) => told.some((one) => isSame(one.cause.subject, cause.subject));
  return [...told, ...byCordon(facts).filter((one) => !isTold(one))];
};
