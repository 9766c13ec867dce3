import type { BundleObject } from '@aetherius/shared/contracts';
import { subjectOf } from '../../diagnosis/graph/object-key.ts';
import { isTrueAt, numberAt, objectsAt, textAt } from '../../diagnosis/json-path.ts';
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

/** Seconds between two runs of the usual forms of a schedule. */
function intervalOf(schedule: string | undefined): number | undefined {
  const [minute = '', hour = '', ...days] = (schedule ?? '').trim().split(/\s+/);
  if (days.length !== 3) return undefined;
  const every = (field: string): number | undefined => Number(/^\*\/(\d{1,2})$/.exec(field)?.[1]) || undefined;
  if (minute === '*') return 60;
  if (every(minute) !== undefined && hour === '*') return 60 * (every(minute) ?? 1);
  if (!/^\d{1,2}$/.test(minute)) return undefined;
  if (hour === '*') return 3600;
  return every(hour) !== undefined ? 3600 * (every(hour) ?? 1) : /^\d{1,2}$/.test(hour) ? 86_400 : undefined;
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
    const job = facts
      .of('Job')
      .find((one) => one.namespace === diagnosis.subject.namespace && runsFor(one) !== undefined);
    const owner = objectsAt(job?.body, 'metadata.ownerReferences').find((one) => textAt(one, 'kind') === 'CronJob');
    const [now, name] = [job === undefined ? undefined : runsFor(job), textAt(owner, 'name')];
    const isMeant = job?.name === diagnosis.subject.name || name === diagnosis.subject.name;
    if (now === undefined || name === undefined || !isMeant || 2 * now > LONGEST_JOB) return undefined;
    return {
      target: { kind: 'CronJob', namespace: diagnosis.subject.namespace, name },
      parameters: { seconds: Math.max(2 * now, 10) },
    };
  },
};

const runsFor = ({ body }: BundleObject): number | undefined => numberAt(body, 'spec.activeDeadlineSeconds');
