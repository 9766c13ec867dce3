import type { BundleLog, BundleObject, Subject } from '@aetherius/shared/contracts';
import { addressOf } from '../dependency/dependency.ts';
import type { Evidence } from '../evidence.ts';
import { type Container, citeEvents, citeObject, type Facts, hasFailed } from '../facts.ts';
import { isSame, keyOf, subjectOf } from '../graph/object-key.ts';
import { asked } from '../graph/top-controller.ts';
import { ageOf, conditionOf } from '../health/health.ts';
import type { Hypothesis, Rule } from '../hypothesis.ts';
import { isTrueAt, objectAt, textAt } from '../json-path.ts';
import { endInWords } from '../messages/exit-code.ts';
import { withLimit } from '../messages/system-limit.ts';
import { loggedWords, type ProgramWords, programWords } from '../program-words.ts';
import { finding, groupBy } from '../said.ts';
import { longestPause } from '../schedule.ts';
import { causeOf, isBatch } from './crash.ts';

/** `isGuessed` where nothing says why, as in a row of a table. */
type Failure = { job: Subject; reason: string; isGuessed: boolean; evidence: Evidence[] };

/** Too little for an answer. */
const DOUBTFUL = 0.5;

/** A job's failure by its condition or its event; a CronJob above it does not take the blame for one run. */
function failures(facts: Facts): Failure[] {
  const conditions = facts.of('Job').flatMap((job) => {
    const condition = conditionOf(job, 'Failed') ?? conditionOf(job, 'FailureTarget');
    if (textAt(condition, 'status') !== 'True' || facts.health(job).state === 'finished') return [];
    const reason = textAt(condition, 'reason');
    // A row of a table says that the Job failed, and not why.
    const evidence = citeObject(job, reason === undefined ? 'type: Failed' : `reason: ${reason}`);
    return [{ job: subjectOf(job), reason, evidence }];
  });
  const events = facts
    .events({
      kind: 'Job',
      reason: ['BackoffLimitExceeded', 'DeadlineExceeded', 'PodFailurePolicy', 'MaxFailedIndexesExceeded'],
    })
    .map((event) => ({ job: subjectOf(event), reason: event.reason, evidence: citeEvents([event]) }));
  return groupBy([...conditions, ...events], ({ job }) => JSON.stringify(job)).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const told = group.find((one) => one.reason !== undefined)?.reason;
    const evidence = group.flatMap((one) => one.evidence);
    return [{ ...first, reason: told ?? '', isGuessed: told === undefined, evidence }];
  });
}

const jobOf = (facts: Facts, pod: BundleObject): Subject => {
  const owner = facts.graph.out(subjectOf(pod), 'owner')[0]?.to;
  return owner?.kind === 'Job' ? owner : facts.top(subjectOf(pod));
};

const failedContainers = (facts: Facts, job: Subject): Container[] =>
  facts.containers.filter(({ pod, ended }) => isSame(jobOf(facts, pod), job) && ended.some(hasFailed));

const madeByJob = /^-[a-z0-9]{5}$/;

/** Logs of a job's pods that nothing else shows: by what was asked for, else by the name that a job gives its pods. */
const strayLogs = ({ bundle, graph }: Facts, job: Subject): BundleLog[] =>
  bundle.logs.filter(({ namespace, pod: name }) => {
    const pod = { kind: 'Pod', namespace, name };
    if (namespace !== job.namespace || graph.find(pod) !== undefined) return false;
    const workload = asked(pod);
    return workload === undefined
      ? name.startsWith(job.name) && madeByJob.test(name.slice(job.name.length))
      : isSame(workload, job);
  });

/** The words of a job's failed containers, those that name a cause first. */
function lastWords(facts: Facts, job: Subject): ProgramWords | undefined {
  const all = failedContainers(facts, job).flatMap((container) => programWords(facts, container) ?? []);
  return (
    all.find(({ cause, script }) => cause !== undefined || script !== undefined) ??
    all[0] ??
    loggedWords(facts, strayLogs(facts, job))
  );
}

type Why = {
  category: Hypothesis['category'];
  words: string;
  weight: number;
  cause?: Subject;
  address?: Subject | undefined;
};

/** What a Job's status says of its end; a row of a table says no more than that it failed. */
const statusInWords: Record<string, string> = {
  BackoffLimitExceeded: 'its retries are used up',
  PodFailurePolicy: 'a rule of its podFailurePolicy ended it',
  MaxFailedIndexesExceeded: 'too many of its indexes failed',
};

function whyOf(facts: Facts, job: Subject, reason: string): Why {
  const last = lastWords(facts, job);
  const named = last?.cause;
  if (named !== undefined && last !== undefined) {
    const cause = causeOf(facts, last, job.namespace);
    return {
      category: named.category,
      words: `${named.description}: ${named.said}`,
      weight: 0.92,
      ...(cause === undefined ? {} : { cause }),
      address: addressOf(named, job.namespace),
    };
  }
  if (reason === 'DeadlineExceeded')
    return { category: 'job_deadline_exceeded', words: 'it ran past its activeDeadlineSeconds', weight: 0.96 };
  const script = last?.script;
  if (script !== undefined)
    return {
      category: 'job_script_error',
      words: `${script.fault.words}: ${script.statement.text.slice(0, 200)}`,
      weight: 0.93,
    };
  const code = failedContainers(facts, job)[0]?.ended.find(({ exit_code }) => exit_code !== undefined)?.exit_code;
  const told = last?.complaint?.text;
  const says = told === undefined ? '' : withLimit(`: ${told.slice(0, 200)}`, told);
  return {
    category: 'job_failed_backoff',
    words: `${statusInWords[reason] ?? 'its status is Failed, and nothing says why'}${code === undefined ? '' : `, ended${endInWords(code)}`}${says}`,
    weight: 0.88,
  };
}

function explain(facts: Facts, { job, reason, isGuessed, evidence }: Failure): Hypothesis {
  const tries = failedContainers(facts, job).map(({ pod }) => pod);
  // Pods that failed stay when the retries are used up, and are taken away at a deadline.
  const why = whyOf(facts, job, isGuessed && tries.length > 0 ? 'BackoffLimitExceeded' : reason);
  const seen = isGuessed ? tries.slice(0, 2).flatMap((pod) => citeObject(pod, 'reason: Error')) : [];
  return finding({
    ...why,
    subject: job,
    weight: isGuessed && tries.length === 0 && why.category === 'job_failed_backoff' ? DOUBTFUL : why.weight,
    description: `job ${job.name} failed: ${why.words}`,
    evidence: [...evidence.slice(0, 2), ...seen, ...(lastWords(facts, job)?.evidence ?? [])],
    affects: tries.map(subjectOf),
  });
}

/** Jobs that are failing and have retries left: told only when the log says why. */
function underway(facts: Facts, failed: readonly Failure[]): Hypothesis[] {
  const jobs = facts.containers
    .filter(({ pod, ended }) => isBatch(facts.top(subjectOf(pod))) && ended.some(hasFailed))
    .filter(({ pod }) => facts.health(pod).state !== 'finished')
    .map(({ pod }) => jobOf(facts, pod));
  return groupBy(jobs, (job) => JSON.stringify(job)).flatMap(([job]) => {
    const object = job === undefined ? undefined : facts.graph.find(job);
    const isOver = object !== undefined && facts.health(object).state === 'finished';
    if (job === undefined || isOver || failed.some((one) => isSame(one.job, job))) return [];
    const why = whyOf(facts, job, '');
    const [container] = failedContainers(facts, job);
    if (why.category === 'job_failed_backoff' || container === undefined) return [];
    return finding({
      ...why,
      subject: job,
      weight: why.weight - 0.05,
      description: `job ${job.name} keeps failing: ${why.words}`,
      evidence: [...citeObject(container.pod, 'exitCode: '), ...(programWords(facts, container)?.evidence ?? [])],
      affects: [subjectOf(container.pod)],
    });
  });
}

/** Jobs that failed or keep failing, by what their log says before what their status says. */
export const failedJob: Rule = (facts) => {
  const failed = failures(facts);
  return [...failed.map((failure) => explain(facts, failure)), ...underway(facts, failed)];
};

const missedReasons = [
  'MissSchedule',
  'TooManyMissedTimes',
  'FailedNeedsStart',
  'InvalidSchedule',
  'UnparseableSchedule',
  'UnParseableCronJobSchedule',
  'UnknownTimeZone',
];

/** Runs that a CronJob has let pass before that is told. */
const MISSED_RUNS = 3;

/** When it last ran; one that has a status and never ran is counted from when it was made. */
function lastRun({ body }: BundleObject): 'status.lastScheduleTime' | 'metadata.creationTimestamp' | undefined {
  if (textAt(body, 'status.lastScheduleTime') !== undefined) return 'status.lastScheduleTime';
  return objectAt(body, 'status') === undefined || isTrueAt(body, 'status.isPart')
    ? undefined
    : 'metadata.creationTimestamp';
}

function overdue(facts: Facts, cron: BundleObject): Evidence[] {
  const since = isTrueAt(cron.body, 'spec.suspend') ? undefined : lastRun(cron);
  const age = since === undefined ? undefined : ageOf(cron.body, since, facts.now);
  if (since === undefined || age === undefined) return [];
  const pause = longestPause(textAt(cron.body, 'spec.schedule') ?? '');
  const isLate = pause !== undefined && age > pause * MISSED_RUNS;
  return isLate ? [...citeObject(cron, since), ...citeObject(cron, 'spec.schedule')] : [];
}

/** The run of each CronJob that has not ended: it keeps one that forbids two at a time from the next. */
const openRuns = (facts: Facts): ReadonlyMap<string, string> =>
  new Map(
    facts
      .of('Job')
      .filter((job) => facts.health(job).state === 'unclear')
      .map((job) => [keyOf(facts.top(subjectOf(job))), job.name]),
  );

/** CronJobs whose runs were missed: told by events, or seen in the time of the last run. */
export const missedSchedule: Rule = (facts) => {
  const events = facts.events({ kind: 'CronJob', reason: missedReasons });
  const skipped = facts
    .events({ kind: 'CronJob', reason: ['JobAlreadyActive'] })
    .filter(({ count }) => count >= MISSED_RUNS);
  const late = facts.of('CronJob').map((cron) => ({ subject: subjectOf(cron), evidence: overdue(facts, cron) }));
  const told = [...events, ...skipped].map((event) => ({ subject: subjectOf(event), evidence: citeEvents([event]) }));
  const all = [...told, ...late].filter(({ evidence }) => evidence.length > 0);
  const open = all.length === 0 ? undefined : openRuns(facts);
  return groupBy(all, ({ subject }) => JSON.stringify(subject)).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const run = open?.get(keyOf(first.subject));
    return finding({
      category: 'cronjob_missed_schedule',
      subject: first.subject,
      description: `runs of CronJob ${first.subject.name} were missed: ${first.evidence[0]?.quote ?? ''}${run === undefined ? '' : `; Job ${run} has not ended`}`,
      weight: told.length > 0 ? 0.94 : 0.8,
      evidence: group.flatMap(({ evidence }) => evidence),
    });
  });
};
