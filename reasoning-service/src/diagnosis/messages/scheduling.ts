import type { Category } from '@aetherius/shared/contracts';

/** The scheduler's verdict: how many nodes there are, and how many of them each reason rules out. */
export type Verdict = { nodes: number; reasons: { count: number; text: string }[] };

const head = /^0\/(\d+) nodes are available: ([\s\S]*)$/;
/** What follows the reasons: what preemption would bring, and remarks on resource claims. */
const tail = /\.?\s+(?:preemption:|no new claims|not found$)[\s\S]*$/;

/** "0/5 nodes are available: 3 Insufficient cpu, 2 node(s) had untolerated taint {…}. preemption: …" as counts per reason. */
export function parseScheduling(message: string): Verdict | undefined {
  const [, total, body] = head.exec(message) ?? [];
  if (total === undefined || body === undefined) return undefined;
  const nodes = Number(total);
  const reasons = body
    .replace(tail, '')
    .replace(/\.$/, '')
    .split(/,\s+(?=\d+ )/)
    .map((part) => /^(\d+) ([\s\S]+)$/.exec(part.trim()) ?? ['', String(nodes), part.trim()])
    .map(([, count, text]) => ({ count: Number(count), text: text ?? '' }));
  return { nodes, reasons };
}

const kinds: readonly { pattern: RegExp; category: Category }[] = [
  {
    pattern: /^Insufficient |^Too many pods|free ports|enough free storage/,
    category: 'unschedulable_insufficient_resource',
  },
  {
    pattern: /volume node affinity|PersistentVolume's node affinity|volume zone|available persistent volumes to bind/,
    category: 'unschedulable_volume_affinity',
  },
  { pattern: /max volume count|volume limit/, category: 'unschedulable_volume_limit' },
  { pattern: /anti-affinity|pod affinity|topology spread/, category: 'unschedulable_affinity' },
  { pattern: /node affinity|node selector|requested node name/, category: 'unschedulable_node_selector' },
  { pattern: /taint|were unschedulable|not ready/, category: 'unschedulable_taint' },
];

/** Newer schedulers name no taint at all. */
const unnamed = /untolerated taint\(s\)$/;

/** Taints of the control plane and of nodes that are lost, full or cordoned rule out nodes that could not be had anyway. */
const couldBeHad = (text: string): boolean =>
  !unnamed.test(text) &&
  !/control-plane|node-role\.kubernetes\.io\/master|not-ready|not ready|unreachable|unschedulable|-pressure|network-unavailable|uninitialized/.test(
    text,
  );

/** `is_guess`: it stands against more taints that are not named. */
export type LeadingReason = {
  category: Category;
  text: string;
  count: number;
  could_be_had: boolean;
  is_guess: boolean;
};

/** What the count of unnamed taints is held against. A used port, a pod beside or a volume shows on nodes where the pod is at home. */
const comparable = /^Insufficient |^Too many pods|affinity\/selector|node selector/;

/** Nodes that are tainted with the very device that the others lack have it: all that is missing there is a toleration. */
function keptForDevice({ reasons }: Verdict): LeadingReason | undefined {
  const lacked = new Set(reasons.flatMap(({ text }) => /^Insufficient (\S+\/\S+)$/.exec(text)?.[1] ?? []));
  for (const { count, text } of reasons) {
    const device = taintsIn(text).find((key) => lacked.has(key));
    if (device === undefined) continue;
    const words = `${count} ${text}, and the others have no ${device} to give`;
    return { category: 'unschedulable_taint', text: words, count, could_be_had: true, is_guess: false };
  }
  return undefined;
}

/** The reason that rules out most of the nodes that could be had; among equals, want of room first. */
function namedReason({ reasons }: Verdict): LeadingReason | undefined {
  const known = reasons.flatMap(({ count, text }) => {
    const category = kinds.find(({ pattern }) => pattern.test(text))?.category;
    return category === undefined ? [] : [{ count, text, category, could_be_had: couldBeHad(text), is_guess: false }];
  });
  const totals = new Map<string, number>();
  for (const { category, count, could_be_had } of known)
    totals.set(`${category} ${could_be_had}`, (totals.get(`${category} ${could_be_had}`) ?? 0) + count);
  const total = ({ category, could_be_had }: LeadingReason) => totals.get(`${category} ${could_be_had}`) ?? 0;
  const room = ({ category }: LeadingReason) => Number(category === 'unschedulable_insufficient_resource');
  const [first] = known.sort(
    (a, b) =>
      Number(b.could_be_had) - Number(a.could_be_had) || total(b) - total(a) || room(b) - room(a) || b.count - a.count,
  );
  return first && { ...first, count: total(first) };
}

/**
 * The leading reason, taints that are not named among them. `meant`: of how many nodes it is known that somebody set theirs on purpose.
 * They may as well be those of a control plane or of other teams' nodes: where there are more of them the named reason stands, as a guess.
 */
export function leadingReason(verdict: Verdict, meant?: number): LeadingReason | undefined {
  const named = keptForDevice(verdict) ?? namedReason(verdict);
  const taints = verdict.reasons.find(({ text }) => unnamed.test(text));
  if (named === undefined || taints === undefined || !named.could_be_had || !comparable.test(named.text)) return named;
  return { ...named, is_guess: (meant ?? taints.count) > named.count };
}

const karpenter: readonly { pattern: RegExp; category: Category }[] = [
  { pattern: /did not tolerate (?:taint )?\S{1,200}/, category: 'unschedulable_taint' },
  {
    pattern: /no instance type (?:satisfied|has enough|which had enough)[^;]{0,200}/,
    category: 'unschedulable_insufficient_resource',
  },
  {
    pattern: /incompatible requirements,[^;]{0,200}|label \S{1,120} does not have known values/,
    category: 'unschedulable_node_selector',
  },
];

/** Karpenter's verdict: it speaks of node pools and instance types, not of nodes. */
export function parseKarpenter(message: string): LeadingReason | undefined {
  if (!message.startsWith('Failed to schedule pod')) return undefined;
  for (const { pattern, category } of karpenter) {
    const text = pattern.exec(message)?.[0];
    if (text !== undefined) return { category, text, count: 1, could_be_had: true, is_guess: false };
  }
  return undefined;
}

/** The claim, or the want of one, that keeps the scheduler from looking at nodes at all. */
export function blamedClaim(message: string): { name: string | undefined } | undefined {
  const named = /persistentvolumeclaim "([^"]{1,253})"/i.exec(message)?.[1];
  if (named !== undefined) return { name: named };
  return message.includes('unbound immediate PersistentVolumeClaims') ? { name: undefined } : undefined;
}

/** Who was asked to make the volume of a claim. */
export const provisionerIn = (message: string): string | undefined =>
  /external provisioner ["']([\w./-]{1,253})["']/.exec(message)?.[1];

/** The taint keys that a verdict names. */
export const taintsIn = (text: string): string[] =>
  [...text.matchAll(/\{([^:}\s]{1,200}):/g)].map(([, key]) => key ?? '');
