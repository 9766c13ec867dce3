import { conditionOf, withCondition, withoutCondition } from '../conditions.ts';
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from '../types.ts';
import { wireTime } from '../wire-time.ts';

/** What the status of a deployment is made of. */
export type Seen = {
  fresh: ReplicaSet | undefined;
  sets: readonly ReplicaSet[];
  maxUnavailable: number;
  /** How much faster than in a real cluster the progress deadline passes. */
  speed: number;
  now: Date;
  /** Set when this pass made or re-used the new replica set. */
  news?: { reason: 'NewReplicaSetCreated' | 'FoundNewReplicaSet'; message: string };
};

type Counts = Required<Pick<DeploymentStatus, 'replicas' | 'updatedReplicas' | 'readyReplicas' | 'availableReplicas'>>;

const sum = (sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number | undefined): number =>
  sets.reduce((total, set) => total + (count(set) ?? 0), 0);

/** The deployment's status after one look at its replica sets. */
export function deploymentStatus(deployment: Deployment, seen: Seen): DeploymentStatus {
  const { fresh, sets } = seen;
  const counts = {
    replicas: sum(sets, ({ status }) => status?.replicas),
    updatedReplicas: fresh?.status?.replicas ?? 0,
    readyReplicas: sum(sets, ({ status }) => status?.readyReplicas),
    availableReplicas: sum(sets, ({ status }) => status?.availableReplicas),
  };
  const unavailableReplicas = Math.max(0, sum(sets, ({ spec }) => spec.replicas) - counts.availableReplicas);
  const terminatingReplicas = sum(sets, ({ status }) => status?.terminatingReplicas);
  const numbers = Object.entries({ ...counts, unavailableReplicas, terminatingReplicas }).filter(
    ([, count]) => count > 0,
  );
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...Object.fromEntries(numbers),
    conditions: conditionsOf(deployment, counts, seen),
  };
}

function conditionsOf(deployment: Deployment, counts: Counts, seen: Seen): Condition[] {
  const now = wireTime(seen.now);
  const put = (present: readonly Condition[], wanted: Condition): Condition[] => {
    const before = conditionOf(present, wanted.type);
    const same =
      before?.status === wanted.status && before?.reason === wanted.reason && before?.message === wanted.message;
    return same ? [...present] : withCondition(present, { ...wanted, lastUpdateTime: now }, now);
  };
  let conditions = put(deployment.status?.conditions ?? [], availability(deployment, counts, seen));
  const failure = seen.sets
    .flatMap(({ status }) => status?.conditions ?? [])
    .find(({ type }) => type === 'ReplicaFailure');
  conditions =
    failure === undefined ? withoutCondition(conditions, 'ReplicaFailure') : put(conditions, withoutTimes(failure));
  const progress = progressOf(deployment, counts, seen);
  if (progress === undefined) return conditions;
  const moved = hasProgressed(deployment, counts) && progress.reason === 'ReplicaSetUpdated';
  return moved ? withCondition(conditions, { ...progress, lastUpdateTime: now }, now) : put(conditions, progress);
}

const withoutTimes = ({ type, status, reason, message }: Condition): Condition => ({
  type,
  status,
  ...(reason === undefined ? {} : { reason }),
  ...(message === undefined ? {} : { message }),
});

function availability({ spec }: Deployment, counts: Counts, { maxUnavailable }: Seen): Condition {
  return counts.availableReplicas >= (spec.replicas ?? 1) - maxUnavailable
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

const isComplete = ({ spec }: Deployment, counts: Counts): boolean =>
  counts.updatedReplicas === (spec.replicas ?? 1) &&
  counts.replicas === counts.updatedReplicas &&
  counts.availableReplicas === counts.updatedReplicas;

function hasProgressed({ status = {} }: Deployment, counts: Counts): boolean {
  const old = (total: number | undefined, updated: number | undefined) => (total ?? 0) - (updated ?? 0);
  return (
    counts.updatedReplicas > (status.updatedReplicas ?? 0) ||
    old(counts.replicas, counts.updatedReplicas) < old(status.replicas, status.updatedReplicas) ||
    counts.readyReplicas > (status.readyReplicas ?? 0) ||
    counts.availableReplicas > (status.availableReplicas ?? 0)
  );
}

/** The Progressing condition that is due; undefined when the present one stays. */
function progressOf(deployment: Deployment, counts: Counts, seen: Seen): Condition | undefined {
  const present = conditionOf(deployment.status?.conditions, 'Progressing');
  const title =
    seen.fresh === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${seen.fresh.metadata.name}"`;
  if (seen.news !== undefined) return { type: 'Progressing', status: 'True', ...seen.news };
  if (isComplete(deployment, counts)) {
    return {
      type: 'Progressing',
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `${title} has successfully progressed.`,
    };
  }
  const wasComplete = present?.reason === 'NewReplicaSetAvailable';
  if (wasComplete && counts.replicas === counts.updatedReplicas) return undefined;
  if (hasProgressed(deployment, counts)) {
    return { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message: `${title} is progressing.` };
  }
  if (wasComplete || !deadlineHasPassed(deployment, present, seen)) return undefined;
  return {
    type: 'Progressing',
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message: `${title} has timed out progressing.`,
  };
}

function deadlineHasPassed({ spec }: Deployment, present: Condition | undefined, { now, speed }: Seen): boolean {
  const since = Date.parse(present?.lastUpdateTime ?? '');
  return now.getTime() - since >= ((spec.progressDeadlineSeconds ?? 600) * 1000) / speed;
}
