import { type IncidentRow, isCleared } from './correlate.ts';

/** Reasons that a sick node gives to the workloads on it; a crash loop or a bad image is never the node's doing. */
const givenByNodes: ReadonlySet<string> = new Set([
  'ContainerStatusUnknown',
  'DeploymentUnavailable',
  'Evicted',
  'NodeAffinity',
  'NodeLost',
  'NodeNotReady',
  'NodeShutdown',
  'NodeUnreachable',
  'PodNotReady',
  'ReplicasUnavailable',
  'TaintManagerEviction',
  'Terminated',
  'Unavailable',
  'Unhealthy',
  'WorkloadUnavailable',
]);

/** A node is noticed late: its workloads may complain this much earlier. */
const NOTICED_LATE_MS = 120_000;

/**
 * The node incident that a workload's incident is a part of, or null.
 * All its faults lie on that one node, give only reasons that a sick node gives, and fall into the node's incident.
 */
export function mergedInto(row: IncidentRow, node: IncidentRow | undefined): string | null {
  if (row.opened_at === null || row.closed_at !== null || row.subject.kind === 'Node') return row.merged_into;
  if (node?.opened_at == null || row.nodes.length !== 1) return null;
  if (isUnderRepair(row) || !row.reasons.every((reason) => givenByNodes.has(reason))) return null;
  const begins = Date.parse(node.opened_at) - NOTICED_LATE_MS;
  // Once the node is well again, a workload that is not has a cause of its own.
  const overlaps = Date.parse(row.opened_at) >= begins && (node.closed_at === null || isCleared(row));
  return overlaps ? node.id : null;
}

const isUnderRepair = (row: IncidentRow): boolean => row.state === 'repairing' || row.state === 'verifying';
