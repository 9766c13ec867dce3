import type { BundleObject, Subject } from '@aetherius/shared/contracts';
import { citeEvents, type Facts } from '../facts.ts';
import { carries } from '../graph/label-selector.ts';
import { labelsOf } from '../graph/object-graph.ts';
import { isSame, subjectOf } from '../graph/object-key.ts';
import { keepsOff, tolerates } from '../graph/taint.ts';
import { hasPlace, mayLieOn, volumesOf } from '../graph/volume-place.ts';
import { isLeaving } from '../health/held-deletion.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { objectsAt, textAt, textsAt } from '../json-path.ts';
import {
  type LeadingReason,
  leadingReason,
  parseKarpenter,
  parseScheduling,
  taintsIn,
} from '../messages/scheduling.ts';
import { finding, groupBy, type Said, saidByConditions, saidByEvents } from '../said.ts';
import { scaleUpFor, waitsForNewNode } from '../scale-up.ts';

type Found = { said: Said; reason: LeadingReason; nodes: number | undefined; taints: Subject[] };

const taintOf = (name: string): Subject => ({ kind: 'Taint', namespace: null, name });

function verdicts(facts: Facts): Found[] {
  const said = [
    ...saidByEvents(facts, { reason: ['FailedScheduling'] }),
    ...saidByConditions(facts, 'Pod', 'PodScheduled'),
  ];
  return said.flatMap((one) => {
    const pod = facts.graph.find(one.about);
    const isPlaced = pod !== undefined && textAt(pod.body, 'spec.nodeName') !== undefined;
    const verdict = isPlaced ? undefined : parseScheduling(one.message.replace(/^Unschedulable: /, ''));
    const told =
      verdict === undefined ? parseKarpenter(one.message) : leadingReason(verdict, keptOff(facts, pod, verdict.nodes));
    const reason = withTaint(facts, pod, told);
    if (isPlaced || reason === undefined || waitsForNewNode(facts.bundle, one.about)) return [];
    const named = taintsBehind(facts, one.about, { reason, named: verdict?.reasons.map(({ text }) => text) ?? [] });
    const taints = [...named, ...troubleOnlyThere(facts, pod)].map(taintOf);
    return [{ said: one, reason, nodes: verdict?.nodes, taints }];
  });
}

/** The taints that a refusal names, as far as the pod would have its place on a node that has one. */
function taintsBehind(
  facts: Facts,
  pending: Subject,
  { reason, named }: { reason: LeadingReason; named: readonly string[] },
): string[] {
  const keys = named.flatMap(taintsIn);
  if (!reason.could_be_had || standsInForLost(facts, pending)) return keys;
  return isBoundToLost(facts, facts.graph.find(pending), reason) ? keys.filter((key) => ofTrouble.test(key)) : [];
}

/** Its workload has a pod that goes with a lost node, or that a node put out: what lacks room elsewhere had room there. */
const standsInForLost = (facts: Facts, pending: Subject): boolean =>
  facts.of('Pod').some((pod) => {
    const name = textAt(pod.body, 'spec.nodeName');
    const node = name === undefined ? undefined : facts.graph.find({ kind: 'Node', namespace: null, name });
    const isLost = node !== undefined && facts.health(node).state === 'broken';
    const isGoing = isLeaving(pod) || textAt(pod.body, 'status.reason') === 'Evicted';
    return isGoing && isLost && isSame(facts.top(subjectOf(pod)), facts.top(pending));
  });

/** By which a cluster itself keeps pods off a node that fares ill. */
const ofTrouble = /^node\.kubernetes\.io\/(?:[a-z]+-pressure|not-ready|unreachable|network-unavailable)$/;

const faresIll = (node: BundleObject): boolean =>
  objectsAt(node.body, 'spec.taints').some((taint) => ofTrouble.test(textAt(taint, 'key') ?? ''));

/**
 * A volume that every other node conflicts with lies on the node that fares ill, and a pod that must keep away from its like has its
 * place there, unless the volume itself tells of another node.
 */
function isBoundToLost(facts: Facts, pod: BundleObject | undefined, { category }: LeadingReason): boolean {
  if (category === 'unschedulable_affinity') return true;
  if (category !== 'unschedulable_volume_affinity') return false;
  const volumes = volumesOf(facts.graph, pod).filter(hasPlace);
  const lost = facts.of('Node').filter(faresIll);
  return lost.length === 0 || volumes.every((volume) => lost.some((node) => mayLieOn(volume, node)));
}

/** The taints of the only nodes that a pod's selector fits, where each of them fares ill. */
function troubleOnlyThere(facts: Facts, pod: BundleObject | undefined): string[] {
  const selector = textsAt(pod?.body, 'spec.nodeSelector');
  if (Object.keys(selector).length === 0) return [];
  const tolerations = objectsAt(pod?.body, 'spec.tolerations');
  const each = facts
    .of('Node')
    .filter((node) => carries(selector, labelsOf(node)))
    .map(({ body }) =>
      objectsAt(body, 'spec.taints')
        .filter((taint) => !tolerations.some((one) => tolerates(one, taint)))
        .flatMap((taint) => textAt(taint, 'key') ?? [])
        .filter((key) => ofTrouble.test(key)),
    );
  return each.every((keys) => keys.length > 0) ? each.flat() : [];
}

/** How many nodes have a taint that keeps the pod off, set by somebody on purpose; undefined where not all nodes are there. */
function keptOff(facts: Facts, pod: BundleObject | undefined, nodes: number): number | undefined {
  const all = facts.of('Node');
  const tolerations = objectsAt(pod?.body, 'spec.tolerations');
  const isKept = ({ body }: BundleObject) => objectsAt(body, 'spec.taints').some((one) => keepsOff(one, tolerations));
  return all.length === nodes ? all.filter(isKept).length : undefined;
}

/**
 * Newer schedulers look at taints first and name none, so a selector seems to fit no node where the one that it fits is tainted:
 * the node itself tells.
 */
function withTaint(
  facts: Facts,
  pod: BundleObject | undefined,
  reason: LeadingReason | undefined,
): LeadingReason | undefined {
  const selector = textsAt(pod?.body, 'spec.nodeSelector');
  const isOpen = reason?.category === 'unschedulable_node_selector' || reason?.category === 'unschedulable_taint';
  if (!isOpen || Object.keys(selector).length === 0) return reason;
  const tolerations = objectsAt(pod?.body, 'spec.tolerations');
  for (const node of facts.of('Node').filter((one) => carries(selector, labelsOf(one)))) {
    const taint = objectsAt(node.body, 'spec.taints').find((one) => keepsOff(one, tolerations));
    if (taint === undefined) continue;
    const text = `node ${node.name}, which the selector fits, has the taint ${textAt(taint, 'key')}`;
    return { ...reason, category: 'unschedulable_taint' as const, text };
  }
  return reason;
}

/** The scheduler's own words begin with what is short or with how nodes are; they hold of as many nodes as it counts. */
const ofSome = /^(?:Insufficient |Too many pods|node\(s\))/;

function inWords({ text, count, is_guess: isGuess }: LeadingReason, nodes: number | undefined): string {
  if (isGuess) return `${count} ${text}; more have taints, and whether those are meant for it is not told`;
  return nodes === undefined || count >= nodes || !ofSome.test(text) ? text : `${text} (${count} of them)`;
}

function explain(facts: Facts, group: readonly Found[]): Hypothesis[] {
  const [first] = group;
  if (first === undefined) return [];
  const { reason, nodes, said, taints } = first;
  const isOneFullNode = nodes === 1 && /Too many pods/.test(reason.text) && facts.of('Node').length === 1;
  const asked = scaleUpFor(facts.bundle, said.about);
  const node: Subject = { kind: 'Node', namespace: null, name: facts.of('Node')[0]?.name ?? '' };
  return [
    finding({
      category: isOneFullNode ? 'node_overcommit' : reason.category,
      subject: isOneFullNode ? node : facts.top(said.about),
      description: `${nodes === 1 ? 'the one node cannot' : `none of ${nodes ?? 'the'} nodes can`} take the pod: ${inWords(reason, nodes)}${asked === undefined ? '' : '; a node was to be added for it, and it still waits'}`,
      weight: reason.is_guess ? 0.75 : reason.could_be_had ? 0.94 : 0.85,
      evidence: [...group.flatMap((one) => one.said.evidence), ...citeEvents(asked === undefined ? [] : [asked])],
      affects: [...group.map((one) => one.said.about), ...taints],
    }),
  ];
}

/** Pods that no node can take, for the reason that rules out most of the nodes that could be had. */
export const unschedulable: Rule = (facts) =>
  groupBy(verdicts(facts), ({ said }) => JSON.stringify(facts.top(said.about))).flatMap((group) =>
    explain(facts, group),
  );
