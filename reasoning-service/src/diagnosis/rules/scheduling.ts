import type { Category } from '@aetherius/shared/contracts';
import type { Evidence } from '../evidence.ts';
import { brokenBy, citeEvents, citeObject, type Facts } from '../facts.ts';
import type { Rule } from '../hypothesis.ts';
import { objectsAt, textAt } from '../json-path.ts';

export type Verdict = { nodes: number; reasons: { count: number; text: string }[] };

/** "0/5 nodes are available: 3 Insufficient cpu, 2 node(s) had untolerated taint {…}. preemption: …" as counts per reason. */
export function parseScheduling(message: string): Verdict | undefined {
  const head = /^(\d+)\/(\d+) nodes are available: (.*)$/s.exec(message);
  if (head?.[3] === undefined) return undefined;
  const body = head[3].replace(/\.?\s*(preemption|no new claims).*$/s, '').replace(/\.$/, '');
  const reasons = body
    .split(/,\s+(?=\d+ )/)
    .map((part) => /^(\d+) (.+)$/s.exec(part.trim()))
    .flatMap((match) => (match?.[2] === undefined ? [] : [{ count: Number(match[1]), text: match[2] }]));
  return { nodes: Number(head[2]), reasons };
}

const kinds: readonly { pattern: RegExp; category: Category }[] = [
  { pattern: /^Insufficient |^Too many pods/, category: 'unschedulable_insufficient_resource' },
  { pattern: /volume node affinity/, category: 'unschedulable_volume_affinity' },
  { pattern: /max volume count/, category: 'unschedulable_volume_limit' },
  { pattern: /anti-affinity|pod affinity|topology spread/, category: 'unschedulable_affinity' },
  { pattern: /node affinity\/selector|node selector/, category: 'unschedulable_node_selector' },
  { pattern: /taint/, category: 'unschedulable_taint' },
];

/** Taints of the control plane and of lost nodes rule out nodes that could not be had anyway, so they count last. */
const couldBeHad = (text: string): boolean =>
  !/control-plane|not-ready|unreachable|unschedulable|disk-pressure/.test(text);

function leading({ reasons }: Verdict): { category: Category; text: string } | undefined {
  const known = reasons.flatMap(({ count, text }) => {
    const category = kinds.find(({ pattern }) => pattern.test(text))?.category;
    return category === undefined ? [] : [{ count, text, category, had: couldBeHad(text) }];
  });
  return known.sort(
    (a, b) => Number(b.had) - Number(a.had) || rank(a.category) - rank(b.category) || b.count - a.count,
  )[0];
}

/** Room is what is missing wherever it is named: a selector or a taint that rules out the other nodes is how they are meant. */
const rank = (category: Category): number => (category === 'unschedulable_insufficient_resource' ? 0 : 1);

type Said = { message: string; evidence: Evidence[] };

function sayings(facts: Facts): Said[] {
  const conditions = facts.of('Pod').flatMap((pod) =>
    objectsAt(pod.body, 'status.conditions')
      .filter(
        (condition) => textAt(condition, 'type') === 'PodScheduled' && textAt(condition, 'reason') === 'Unschedulable',
      )
      .map((condition) => ({
        message: textAt(condition, 'message') ?? '',
        evidence: citeObject(pod, 'nodes are available'),
      })),
  );
  const events = facts
    .events({ reason: ['FailedScheduling'] })
    .map((event) => ({ message: event.message, evidence: citeEvents([event]) }));
  return [...conditions, ...events];
}

/** A pod that no node can take, for the reason that rules out most nodes. */
export const unschedulable: Rule = (facts) => {
  const found = sayings(facts).flatMap((said) => {
    const verdict = parseScheduling(said.message);
    const reason = verdict === undefined ? undefined : leading(verdict);
    return reason === undefined ? [] : [{ ...said, reason, nodes: verdict?.nodes ?? 0 }];
  });
  const first = found[0];
  if (first === undefined) return undefined;
  const pod = facts.of('Pod')[0];
  const subject = pod === undefined ? facts.subject : brokenBy(facts, pod);
  return {
    category: first.reason.category,
    severity: 'high',
    subject,
    cause: { subject, description: `none of ${first.nodes} nodes can take the pod: ${first.reason.text}` },
    weight: 0.93,
    evidence: found.flatMap(({ evidence }) => evidence).slice(0, 3),
    recommendations: [],
  };
};
