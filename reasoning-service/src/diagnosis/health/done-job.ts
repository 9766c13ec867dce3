import type { Bundle, BundleObject, Subject } from '@aetherius/shared/contracts';
import { runOf } from '../graph/generated-name.ts';
import { grouped, type ObjectGraph } from '../graph/object-graph.ts';
import { isSame, keyOf, subjectOf } from '../graph/object-key.ts';
import { numberAt, textAt } from '../json-path.ts';
import { conditionOf } from './health.ts';

const has = (job: BundleObject, type: string): boolean => textAt(conditionOf(job, type), 'status') === 'True';
const phaseOf = ({ body }: BundleObject): string | undefined => textAt(body, 'status.phase');
const hasFailed = (run: BundleObject): boolean => has(run, 'Failed') || phaseOf(run) === 'Failed';
const isDone = (run: BundleObject): boolean =>
  has(run, 'Complete') ||
  phaseOf(run) === 'Succeeded' ||
  (!hasFailed(run) && (numberAt(run.body, 'status.succeeded') ?? 0) > 0);

/** Of a pod it is the minute of its run, which its name carries: a row of a table tells no more. */
const startOf = ({ kind, name, body }: BundleObject): number =>
  kind === 'Pod'
    ? Number(runOf(name)?.slice(-8))
    : Date.parse(textAt(body, 'status.startTime') ?? textAt(body, 'metadata.creationTimestamp') ?? '');
const endOf = (job: BundleObject): number => Date.parse(textAt(conditionOf(job, 'Failed'), 'lastTransitionTime') ?? '');

/** Whether a run failed after an earlier failure had been followed by a success, and none failed since: it may come again. */
function comesAgain(job: BundleObject, runs: readonly BundleObject[]): boolean {
  const before = runs.filter((one) => startOf(one) < startOf(job));
  const first = before.findIndex(hasFailed);
  const isLast = !runs.some((one) => hasFailed(one) && startOf(one) > startOf(job));
  return isLast && first >= 0 && before.slice(first).some(isDone);
}

/** A pod that failed by itself; what a node put out says something of the node. */
const isFailedTry = (object: BundleObject): boolean =>
  object.kind === 'Pod' && phaseOf(object) === 'Failed' && textAt(object.body, 'status.reason') === undefined;

/** The Job that an object is, or is a try of that failed. */
function jobOf(graph: ObjectGraph, object: BundleObject): BundleObject | undefined {
  if (object.kind === 'Job') return object;
  if (!isFailedTry(object)) return undefined;
  const [job] = graph.out(subjectOf(object), 'owner').filter(({ to }) => to.kind === 'Job');
  return job && graph.find(job.to);
}

/** Whether somebody wants to know of a Job itself: it is the subject, or an alert that fires names it. */
const isAskedFor = ({ subject, alerts }: Bundle, job: BundleObject): boolean =>
  isSame(subject, job) ||
  alerts.some(
    ({ labels, ends_at }) =>
      ends_at === null && labels['job_name'] === job.name && (labels['namespace'] ?? null) === job.namespace,
  );

/**
 * Finds what failed before it was done after all: the tries of a Job that another one did, and the runs of a CronJob, with their tries,
 * that a later run made good. The last run that failed is kept for ever,
 * and nobody need know of it who does not ask.
 */
export function createOvercome(bundle: Bundle, graph: ObjectGraph, top: (subject: Subject) => Subject) {
  const cronOf = (job: BundleObject): Subject | undefined => {
    const cron = top(subjectOf(job));
    return cron.kind === 'CronJob' ? cron : undefined;
  };
  let known: Map<string, BundleObject[]> | undefined;
  const runsOf = (cron: Subject): readonly BundleObject[] => {
    known ??= grouped(
      graph.of('Job').toSorted((a, b) => startOf(a) - startOf(b)),
      (job) => keyOf(cronOf(job) ?? subjectOf(job)),
    );
    return known.get(keyOf(cron)) ?? [];
  };
  const isOvertaken = (job: BundleObject): boolean => {
    const cron = hasFailed(job) ? cronOf(job) : undefined;
    if (cron === undefined) return false;
    const runs = runsOf(cron);
    const succeeded = Date.parse(textAt(graph.find(cron)?.body, 'status.lastSuccessfulTime') ?? '');
    const isMadeGood = runs.some((one) => isDone(one) && startOf(one) > startOf(job)) || succeeded > endOf(job);
    return isMadeGood && !comesAgain(job, runs) && !isAskedFor(bundle, job);
  };
  let rows: Map<string, BundleObject[]> | undefined;
  /** The pods of a CronJob's runs where rows of a table are all that tells of them, the earliest first. */
  const triesLike = (pod: BundleObject): readonly BundleObject[] => {
    const ofRuns = () => graph.of('Pod').filter(({ name }) => runOf(name) !== undefined);
    rows ??= grouped(
      ofRuns().sort((a, b) => startOf(a) - startOf(b)),
      (one) => keyOf(top(subjectOf(one))),
    );
    return rows.get(keyOf(top(subjectOf(pod)))) ?? [];
  };
  const isMadeGoodInRows = (pod: BundleObject): boolean => {
    const runs =
      runOf(pod.name) !== undefined && isFailedTry(pod) && !isSame(bundle.subject, pod) ? triesLike(pod) : [];
    return runs.some((one) => isDone(one) && startOf(one) >= startOf(pod)) && !comesAgain(pod, runs);
  };
  return (object: BundleObject): boolean => {
    const job = jobOf(graph, object);
    if (job === undefined) return isMadeGoodInRows(object);
    return (object.kind === 'Pod' && has(job, 'Complete')) || isOvertaken(job);
  };
}
