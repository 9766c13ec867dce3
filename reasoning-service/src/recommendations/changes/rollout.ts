import type { BundleObject } from '@aetherius/shared/contracts';
import { isSame, subjectOf } from '../../diagnosis/graph/object-key.ts';
import { isTrueAt, numberAt, objectsAt, textAt, wordAt } from '../../diagnosis/json-path.ts';
import { recentRollout } from '../../diagnosis/remedies.ts';
import { type Scope, subjectObject } from '../scope.ts';
import { type Change, only } from './aimed.ts';

/** Deployments that claim the volume that the diagnosis is about, or the subject itself. */
function holders({ facts, diagnosis }: Scope): BundleObject[] {
  const { subject } = diagnosis;
  const ofClaim = facts
    .of('Deployment')
    .filter((one) =>
      facts.graph
        .out(subjectOf(one), 'claims')
        .some(({ to }) => to.kind === subject.kind && to.name === subject.name && to.namespace === subject.namespace),
    );
  const own = facts.graph.find(subject);
  return own?.kind === 'Deployment' ? [own] : ofClaim;
}

/** One pod that holds a volume goes before its successor comes. */
export const recreate: Change<'set_strategy'> = {
  action: 'set_strategy',
  of: (scope) => {
    const holder = only(holders(scope));
    if (holder === undefined || scope.facts.graph.out(subjectOf(holder), 'claims').length === 0) return undefined;
    const isRolling = (textAt(holder.body, 'spec.strategy.type') ?? 'RollingUpdate') === 'RollingUpdate';
    const isOne = (numberAt(holder.body, 'spec.replicas') ?? 1) <= 1;
    return isRolling && isOne ? { target: subjectOf(holder), parameters: { type: 'Recreate' } } : undefined;
  },
};

/** What the new revision may ask of nodes or quotas beyond the one before. */
const asksForMore = /\.(?:resources|nodeSelector|affinity|tolerations|topologySpreadConstraints)\b/;

/**
 * One pod goes before its successor comes, where only the pod too many of a rolling update lacks room: all that should run
 * do, more than one of them, and the new ones ask for no more than the old.
 */
export const withoutSurge: Change<'set_strategy'> = {
  action: 'set_strategy',
  of: (scope) => {
    const object = subjectObject(scope);
    if (object?.kind !== 'Deployment' || isTrueAt(object.body, 'spec.paused')) return undefined;
    const { body } = object;
    const replicas = numberAt(body, 'spec.replicas') ?? 1;
    const surge = wordAt(body, 'spec.strategy.rollingUpdate.maxSurge') ?? '25%';
    const isRolling = (textAt(body, 'spec.strategy.type') ?? 'RollingUpdate') === 'RollingUpdate';
    const isWell = replicas >= 2 && (numberAt(body, 'status.availableReplicas') ?? 0) >= replicas;
    const isUnderWay = (numberAt(body, 'status.updatedReplicas') ?? 0) < replicas;
    const more = recentRollout(scope.facts, subjectOf(object))?.fields.some(({ path }) => asksForMore.test(path));
    if (!isRolling || !isWell || !isUnderWay || more === true || /^0+%?$/.test(surge)) return undefined;
    return { target: subjectOf(object), parameters: { type: 'RollingUpdate', max_surge: 0, max_unavailable: 1 } };
  },
};

/** A rollout that somebody paused goes on. */
export const resume: Change<'resume_rollout'> = {
  action: 'resume_rollout',
  of: (scope) => {
    const object = subjectObject(scope);
    return object?.kind === 'Deployment' && isTrueAt(object.body, 'spec.paused')
      ? { target: subjectOf(object), parameters: {} }
      : undefined;
  },
};

/** The step of a field: 5 for every fifth. */
const stepOf = (field: string): number | undefined => Number(/^\*\/([1-9]\d?)$/.exec(field)?.[1]) || undefined;
const isWithin = (field: string, most: number): boolean => /^\d{1,2}$/.test(field) && Number(field) <= most;

/** Seconds between two runs of the usual forms of a schedule; undefined for others, and for one that can never be. */
function intervalOf(schedule: string | undefined): number | undefined {
  const [minute = '', hour = '', ...days] = (schedule ?? '').trim().split(/\s+/);
  if (days.length !== 3 || days.some((day) => !/^[\d*,/-]+$/.test(day))) return undefined;
  const step = minute === '*' ? 1 : stepOf(minute);
  if (step !== undefined) return hour === '*' ? 60 * step : undefined;
  if (!isWithin(minute, 59)) return undefined;
  const hours = hour === '*' ? 1 : stepOf(hour);
  return hours !== undefined ? 3600 * hours : isWithin(hour, 23) ? 86_400 : undefined;
}

/** Half the time between two runs, so that a run that was missed begins late instead of never. */
export const startingDeadline: Change<'set_starting_deadline'> = {
  action: 'set_starting_deadline',
  of: (scope) => {
    const object = subjectObject(scope);
    const interval = intervalOf(textAt(object?.body, 'spec.schedule'));
    if (object?.kind !== 'CronJob' || interval === undefined || isTrueAt(object.body, 'spec.suspend')) return undefined;
    const now = numberAt(object.body, 'spec.startingDeadlineSeconds');
    const seconds = Math.min(Math.max(interval / 2, 60), 3600);
    return now !== undefined && now >= seconds ? undefined : { target: subjectOf(object), parameters: { seconds } };
  },
};

const LONGEST_JOB = 7 * 86_400;

/** Twice the time for the runs of the CronJob whose Job ran out of it. */
export const jobDeadline: Change<'set_job_deadline'> = {
  action: 'set_job_deadline',
  of: (scope) => {
    const { facts, diagnosis } = scope;
    const { subject } = diagnosis;
    const job = facts.of('Job').find((one) => isSame(one, subject) || isSame(facts.top(subjectOf(one)), subject));
    const owner = objectsAt(job?.body, 'metadata.ownerReferences').find((one) => textAt(one, 'kind') === 'CronJob');
    const [now, name] = [numberAt(job?.body, 'spec.activeDeadlineSeconds'), textAt(owner, 'name')];
    if (now === undefined || name === undefined || 2 * now > LONGEST_JOB) return undefined;
    return {
      target: { kind: 'CronJob', namespace: subject.namespace, name },
      parameters: { seconds: Math.max(2 * now, 10) },
    };
  },
};
