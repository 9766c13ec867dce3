import type { Severity } from '@aetherius/shared/contracts';
import { conditionOf, type Node, refOf, type StatusCondition } from '../kube/objects.ts';
import { subjectOf } from '../watch/cluster-state.ts';
import type { Signal } from './signal.ts';

/** A node that has just joined waits for its network; that is not an outage. */
const JOINING_MS = 120_000;

const conditions: { type: string; reason: string; severity: Severity }[] = [
  { type: 'DiskPressure', reason: 'NodeHasDiskPressure', severity: 'high' },
  { type: 'MemoryPressure', reason: 'NodeHasInsufficientMemory', severity: 'high' },
  { type: 'PIDPressure', reason: 'NodeHasInsufficientPID', severity: 'high' },
  { type: 'NetworkUnavailable', reason: 'NetworkUnavailable', severity: 'high' },
  { type: 'KernelDeadlock', reason: 'KernelDeadlock', severity: 'high' },
  { type: 'ReadonlyFilesystem', reason: 'ReadonlyFilesystem', severity: 'high' },
];

/** What a node's conditions say. */
export function fromNode(node: Node, now: number): Signal[] {
  if (node.metadata.deletionTimestamp !== undefined) return [];
  const joining = JOINING_MS - (now - Date.parse(node.metadata.creationTimestamp ?? ''));
  const found = conditions.flatMap(({ type, ...rest }) => {
    const condition = conditionOf(node.status, type);
    return condition?.status === 'True' ? [{ ...rest, condition }] : [];
  });
  const signals = found.map(({ reason, severity, condition }) =>
    signalOf(node, { reason, severity, condition, holdMs: 0 }),
  );
  const ready = conditionOf(node.status, 'Ready');
  if (ready === undefined || ready.status === 'True') return signals;
  const holdMs = ready.status === 'False' && joining > 0 ? joining : 0;
  return [signalOf(node, { reason: 'NodeNotReady', severity: 'critical', condition: ready, holdMs }), ...signals];
}

type Found = { reason: string; severity: Severity; condition: StatusCondition; holdMs: number };

const signalOf = (node: Node, { reason, severity, condition, holdMs }: Found): Signal => ({
  type: 'k8s_state',
  signal: 'fault',
  severity,
  reason,
  message: `${condition.type} is ${condition.status}: ${condition.message ?? condition.reason ?? ''}`,
  source: 'node-status',
  object: refOf(node),
  subject: subjectOf(node),
  node: node.metadata.name,
  count: 1,
  at: condition.lastTransitionTime,
  identity: [node.metadata.uid, '', reason, condition.lastTransitionTime ?? ''],
  holdMs,
});
