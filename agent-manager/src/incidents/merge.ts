import { closed } from './advance.ts';
import { type Change, type IncidentRow, isCleared, nodeFingerprint } from './correlate.ts';

/** Reasons that a sick node gives to the workloads on it; a crash loop or a bad image is never the node's doing. */
const givenByNodes: ReadonlySet<string> = new Set([
  'ContainerStatusUnknown',
  'CreatePodSandboxError',
  'Evicted',
  'FailedCreatePodSandBox',
  'FailedKillPod',
  'FailedPodSandBoxStatus',
  'NetworkNotReady',
  'NodeAffinity',
  'NodeControllerEviction',
  'NodeLost',
  'NodeNotReady',
  'NodeShutdown',
  'TaintManagerEviction',
  'UnexpectedAdmissionError',
]);

/** A node is noticed late: its workloads may complain this much earlier. */
const NOTICED_LATE_MS = 120_000;

/**
 * The node incident that a workload's incident is a part of, or null.
 * All its faults lie on that one node, give only reasons that a sick node gives, and fall into the node's incident.
 */
export function mergedInto(row: IncidentRow, node: IncidentRow | undefined): string | null {
  if (row.opened_at === null || row.closed_at !== null || row.subject.kind === 'Node') return row.merged_into;
  // A node of which something is only foretold is not sick yet.
  if (node?.opened_at == null || node.last_seen_at === null || row.nodes.length !== 1) return null;
  if (isUnderRepair(row) || !row.reasons.every((reason) => givenByNodes.has(reason))) return null;
  const begins = Date.parse(node.opened_at) - NOTICED_LATE_MS;
  // Once the node is well again, a workload that is not has a cause of its own.
  const overlaps = Date.parse(row.opened_at) >= begins && (node.closed_at === null || isCleared(row));
  return overlaps ? node.id : null;
}

const isUnderRepair = (row: IncidentRow): boolean => row.state === 'repairing' || row.state === 'verifying';

/** A change with the place of its incident among `rows`: a part of its node's incident, or on its own. */
export function placed({ before, after }: Change, rows: readonly IncidentRow[]): Change[] {
  const merged_into = mergedInto(after, hostOf(after, rows));
  if (merged_into === after.merged_into) return [{ before, after }];
  if (merged_into !== null) return [{ before, after: { ...after, merged_into, state: 'stale', outcome: 'merged' } }];
  // Its run was stopped for good, and an episode has one run only: on its own again, it goes on as the next episode.
  return [
    { before, after: closed(after, after.opened_at, 'merged') },
    { before: undefined, after: nextEpisode(after) },
  ];
}

/** A merged incident ends together with its node's, once it is clear itself. */
export function endedWithHost(row: IncidentRow, rows: readonly IncidentRow[]): IncidentRow {
  const host = hostOf(row, rows);
  return host?.id === row.merged_into && host.closed_at !== null ? closed(row, host.closed_at, 'merged') : row;
}

function hostOf(row: IncidentRow, rows: readonly IncidentRow[]): IncidentRow | undefined {
  const [node] = row.nodes;
  if (node === undefined) return undefined;
  const fingerprint = nodeFingerprint(row.cluster_id, node);
  const episodes = rows.filter((one) => one.fingerprint === fingerprint && one.opened_at !== null);
  return episodes.reduce<IncidentRow | undefined>(
    (last, one) => (one.episode > (last?.episode ?? 0) ? one : last),
    undefined,
  );
}

const nextEpisode = (row: IncidentRow): IncidentRow => ({
  ...row,
  episode: row.episode + 1,
  state: 'open',
  outcome: null,
  merged_into: null,
  category: null,
  diagnosis: null,
  action: null,
  run_id: null,
  clear_told: false,
});
