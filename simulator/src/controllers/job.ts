import { isDeepStrictEqual } from 'node:util';
import { conditionOf } from './conditions.ts';
import { createPod, deletePod } from './pod-creation.ts';
import { draftPod } from './pod-draft.ts';
import { isActive, isReady, restartsOf } from './pod-state.ts';
import { randomSuffix } from './random.ts';
import { controllerOf, isTerminating, nameKey, referenceTo, splitNameKey } from './references.ts';
import type { Condition, Job, Pod } from './types.ts';
import { wireTime } from './wire-time.ts';
import { createWorkQueue } from './work-queue.ts';
import type { Controller, World } from './world.ts';

const component = 'job-controller';

type Tally = { active: Pod[]; succeeded: number; failed: number };
type Verdict = { reason: 'CompletionsReached' | 'BackoffLimitExceeded'; message: string } | undefined;

/** Runs jobs to their completion, or to the end of their retries. */
export function createJobController(world: World): Controller {
  const queue = createWorkQueue({ timers: world.timers, reconcile: (key) => reconcile(world, key) });
  return {
    onChange({ object }) {
      if (object.kind === 'Job') queue.add(nameKey(object));
      const owner = object.kind === 'Pod' ? controllerOf(object) : undefined;
      if (owner?.kind === 'Job') queue.add(`${object.metadata.namespace}/${owner.name}`);
    },
  };
}

const isOver = ({ status }: Job): boolean =>
  ['Complete', 'Failed'].some((type) => conditionOf(status?.conditions, type)?.status === 'True');

function reconcile(world: World, key: string): void {
  const { namespace, name } = splitNameKey(key);
  const job = world.objects.get('Job', namespace, name);
  if (job === undefined || isTerminating(job) || isOver(job) || job.spec.suspend) return;
  const tally = count(world.view.podsOf(job.metadata.uid ?? ''));
  const verdict = judge(job, tally);
  if (verdict === undefined) startMissing(world, job, tally);
  else for (const pod of tally.active) deletePod(world, pod);
  publish(world, job, verdict);
}

function count(pods: readonly Pod[]): Tally {
  const ended = (phase: string) => pods.filter(({ status }) => status?.phase === phase).length;
  return { active: pods.filter(isActive), succeeded: ended('Succeeded'), failed: ended('Failed') };
}

function judge({ spec }: Job, { active, succeeded, failed }: Tally): Verdict {
  if (succeeded >= (spec.completions ?? 1)) {
    return { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
  }
  const restarts = active.reduce((sum, pod) => sum + restartsOf(pod), 0);
  if (failed + restarts <= (spec.backoffLimit ?? 6)) return undefined;
  return { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
}

function startMissing(world: World, job: Job, { active, succeeded }: Tally): void {
  const left = (job.spec.completions ?? 1) - succeeded;
  const missing = Math.min(job.spec.parallelism ?? 1, left) - active.length;
  for (let index = 0; index < missing; index += 1) start(world, job);
}

function start(world: World, job: Job): void {
  const generateName = `${job.metadata.name}-`;
  const labels = { 'batch.kubernetes.io/job-name': job.metadata.name, 'job-name': job.metadata.name };
  const named = { name: generateName + randomSuffix(world.random), generateName, labels };
  const pod = createPod(world, draftPod(job, job.spec.template, named));
  report(world, job, { type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${pod.metadata.name}` });
}

function publish(world: World, before: Job, verdict: Verdict): void {
  const job = world.objects.get('Job', before.metadata.namespace, before.metadata.name);
  if (job === undefined) return;
  const now = wireTime(world.clock.now());
  const { active, succeeded, failed } = count(world.view.podsOf(job.metadata.uid ?? ''));
  const counts = { active: active.length, succeeded, failed };
  const status = {
    ...Object.fromEntries(Object.entries(counts).filter(([, amount]) => amount > 0)),
    ready: active.filter(isReady).length,
    terminating: 0,
    startTime: job.status?.startTime ?? now,
    ...(verdict?.reason === 'CompletionsReached' ? { completionTime: now } : {}),
    ...(verdict === undefined ? {} : { conditions: conditionsOf(verdict, now) }),
  };
  if (!isDeepStrictEqual(job.status, status)) world.objects.setStatus(job, status);
  if (verdict !== undefined) announce(world, job, verdict);
}

function conditionsOf(verdict: NonNullable<Verdict>, now: string): Condition[] {
  const types =
    verdict.reason === 'CompletionsReached' ? ['SuccessCriteriaMet', 'Complete'] : ['FailureTarget', 'Failed'];
  const times = { lastProbeTime: now, lastTransitionTime: now };
  return types.map((type) => ({ type, status: 'True' as const, ...verdict, ...times }));
}

function announce(world: World, job: Job, { reason, message }: NonNullable<Verdict>): void {
  if (reason === 'CompletionsReached')
    report(world, job, { type: 'Normal', reason: 'Completed', message: 'Job completed' });
  else report(world, job, { type: 'Warning', reason, message });
}

function report(
  { events }: World,
  job: Job,
  notice: { type: 'Normal' | 'Warning'; reason: string; message: string },
): void {
  events.record({ component }, { about: referenceTo(job), ...notice });
}
