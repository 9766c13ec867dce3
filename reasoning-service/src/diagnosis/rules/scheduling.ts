import type { Subject } from '@aetherius/shared/contracts';
import type { Facts } from '../facts.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { textAt } from '../json-path.ts';
import {
  type LeadingReason,
  leadingReason,
  parseKarpenter,
  parseScheduling,
  taintsIn,
} from '../messages/scheduling.ts';
import { finding, groupBy, type Said, saidByConditions, saidByEvents } from '../said.ts';

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
    const reason = verdict === undefined ? parseKarpenter(one.message) : leadingReason(verdict);
    if (isPlaced || reason === undefined) return [];
    const taints = reason.could_be_had
      ? []
      : (verdict?.reasons ?? []).flatMap(({ text }) => taintsIn(text)).map(taintOf);
    return [{ said: one, reason, nodes: verdict?.nodes, taints }];
  });
}

function explain(facts: Facts, group: readonly Found[]): Hypothesis[] {
  const [first] = group;
  if (first === undefined) return [];
  const { reason, nodes, said, taints } = first;
  const isOneFullNode = nodes === 1 && /Too many pods/.test(reason.text) && facts.of('Node').length === 1;
  const node: Subject = { kind: 'Node', namespace: null, name: facts.of('Node')[0]?.name ?? '' };
  return [
    finding({
      category: isOneFullNode ? 'node_overcommit' : reason.category,
      subject: isOneFullNode ? node : facts.top(said.about),
      description: `none of ${nodes ?? 'the'} nodes can take the pod: ${reason.text}`,
      weight: reason.could_be_had ? 0.94 : 0.85,
      evidence: group.flatMap((one) => one.said.evidence),
      affects: [...group.map((one) => one.said.about), ...taints],
    }),
  ];
}

/** Pods that no node can take, for the reason that rules out most of the nodes that could be had. */
export const unschedulable: Rule = (facts) =>
  groupBy(verdicts(facts), ({ said }) => JSON.stringify(facts.top(said.about))).flatMap((group) =>
    explain(facts, group),
  );
