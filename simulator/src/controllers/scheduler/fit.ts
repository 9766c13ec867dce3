import { podRequests, type Requests } from '../pod-resources.ts';
import { parseQuantity } from '../quantity.ts';
import { carries, meets } from '../selector.ts';
import type { Node, NodeSelectorTerm, PodSpec } from '../types.ts';
import { untolerated } from './tolerations.ts';

/** A node with what its pods have already asked for. */
export type NodeRoom = { node: Node; requested: Requests; pods: number };

/** Why a node does not take a pod; `preemptible` when making room on it could help. */
type Refusal = { reasons: string[]; preemptible: boolean };

const unresolvable = (reason: string): Refusal => ({ reasons: [reason], preemptible: false });

/** Why a pod cannot run on a node, by the first check that fails; undefined when it fits. */
export function refusalOf(spec: PodSpec, room: NodeRoom): Refusal | undefined {
  const { node } = room;
  const cordonTaint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' as const };
  const tolerations = spec.tolerations ?? [];
  if (node.spec?.unschedulable && untolerated([cordonTaint], tolerations, ['NoSchedule']).length > 0) {
    return unresolvable('node(s) were unschedulable');
  }
  if (untolerated(node.spec?.taints ?? [], tolerations, ['NoSchedule', 'NoExecute']).length > 0) {
    return unresolvable('node(s) had untolerated taint(s)');
  }
  if (!matchesNode(spec, node)) return unresolvable("node(s) didn't match Pod's node affinity/selector");
  return shortage(spec, room);
}

function matchesNode(spec: PodSpec, node: Node): boolean {
  if (!carries(node.metadata.labels, spec.nodeSelector ?? {})) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || required.nodeSelectorTerms.some((term) => termMatches(term, node));
}

function termMatches({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  const fields = { 'metadata.name': node.metadata.name };
  return (
    matchExpressions.every((requirement) => meets(node.metadata.labels ?? {}, requirement)) &&
    matchFields.every((requirement) => meets(fields, requirement))
  );
}

function shortage(spec: PodSpec, { node, requested, pods }: NodeRoom): Refusal | undefined {
  const allocatable = node.status?.allocatable ?? {};
  const wanted = podRequests(spec);
  const short = Object.keys(wanted).filter(
    (name) =>
      (wanted[name] ?? 0) > 0 && (wanted[name] ?? 0) + (requested[name] ?? 0) > parseQuantity(allocatable[name]),
  );
  const isFull = pods >= parseQuantity(allocatable['pods'] ?? '110');
  if (short.length === 0 && !isFull) return undefined;
  const everFits = short.every((name) => (wanted[name] ?? 0) <= parseQuantity(allocatable[name]));
  return {
    reasons: [...(isFull ? ['Too many pods'] : []), ...short.map((name) => `Insufficient ${name}`)],
    preemptible: everFits,
  };
}

/** How well a node suits a pod that fits on it: wishes first, then free room, then few neighbours of the same owner. */
export function scoreOf(spec: PodSpec, room: NodeRoom, siblings: number): number {
  const { node, requested } = room;
  const wishes = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const granted = wishes
    .filter(({ preference }) => termMatches(preference, node))
    .reduce((sum, { weight }) => sum + weight, 0);
  const avoided = untolerated(node.spec?.taints ?? [], spec.tolerations ?? [], ['PreferNoSchedule']).length;
  const free = ['cpu', 'memory'].map((name) => {
    const total = parseQuantity(node.status?.allocatable?.[name]);
    return total === 0 ? 0 : (100 * (total - (requested[name] ?? 0))) / total;
  });
  return granted * 10 + free.reduce((sum, share) => sum + share, 0) / 2 - avoided * 300 - siblings * 20;
}

/** The scheduler's sentence about a pod that fits nowhere. */
export function unschedulableMessage(refusals: readonly Refusal[]): string {
  const nodes = `0/${refusals.length} nodes are available:`;
  const reasons = histogram(refusals.flatMap(({ reasons }) => reasons));
  const preemption = histogram(
    refusals.map(({ preemptible }) =>
      preemptible ? 'No preemption victims found for incoming pod' : 'Preemption is not helpful for scheduling',
    ),
  );
  return `${nodes} ${reasons}. no new claims to deallocate, preemption: ${nodes} ${preemption}.`;
}

/** The scheduler's sentence about a pod that no node was even asked for. */
export const rejectedMessage = (nodes: number, why: string): string =>
  `0/${nodes} nodes are available: ${why}. not found`;

function histogram(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}
