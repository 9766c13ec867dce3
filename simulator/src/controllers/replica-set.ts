import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../store/api-error.ts';
import { conditionOf, withCondition, withoutCondition } from './conditions.ts';
import type { Notice } from './event-recorder.ts';
import { createPod, deletePod } from './pod-creation.ts';
import { draftPod } from './pod-draft.ts';
import { byUselessness, isActive, isAvailable, isReady } from './pod-state.ts';
import { randomSuffix } from './random.ts';
import { controllerOf, isTerminating, nameKey, referenceTo, splitNameKey } from './references.ts';
import { selects } from './selector.ts';
import type { Pod, ReplicaSet, ReplicaSetStatus } from './types.ts';
import { wireTime } from './wire-time.ts';
import { createWorkQueue } from './work-queue.ts';
import type { Controller, World } from './world.ts';

const component = 'replicaset-controller';

/** Keeps as many pods of each replica set as it asks for. */
export function createReplicaSetController(world: World): Controller {
  const queue = createWorkQueue({ timers: world.timers, reconcile });

  function reconcile(key: string): void {
    const { namespace, name } = splitNameKey(key);
    const set = world.objects.get('ReplicaSet', namespace, name);
    if (set === undefined || isTerminating(set)) return;
    const failure = correct(world, set);
    const next = statusOf(set, { pods: world.view.podsOf(set.metadata.uid ?? ''), failure, now: world.clock.now() });
    if (!isDeepStrictEqual(set.status, next)) world.objects.setStatus(set, next);
    if (isWaitingForTime(set, next)) queue.addAfter(key, set.spec.minReadySeconds ?? 0);
    if (failure !== undefined) throw failure;
  }

  return {
    onChange({ object }) {
      if (object.kind === 'ReplicaSet') queue.add(nameKey(object));
      const owner = object.kind === 'Pod' ? controllerOf(object) : undefined;
      if (owner?.kind === 'ReplicaSet') queue.add(`${object.metadata.namespace}/${owner.name}`);
    },
  };
}

/** Readiness is an event, having been ready for long enough is not: somebody has to look again. */
const isWaitingForTime = (
  { spec }: ReplicaSet,
  { readyReplicas = 0, availableReplicas = 0 }: ReplicaSetStatus,
): boolean => (spec.minReadySeconds ?? 0) > 0 && readyReplicas > availableReplicas;

function correct(world: World, set: ReplicaSet): ApiError | undefined {
  const pods = world.view.podsOf(set.metadata.uid ?? '').filter(isActive);
  const missing = (set.spec.replicas ?? 1) - pods.length;
  for (const pod of missing < 0 ? byUselessness(pods).slice(0, -missing) : []) drop(world, set, pod);
  for (let index = 0; index < missing; index += 1) {
    const failure = add(world, set);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function add(world: World, set: ReplicaSet): ApiError | undefined {
  const generateName = `${set.metadata.name}-`;
  const draft = draftPod(set, set.spec.template, { name: generateName + randomSuffix(world.random), generateName });
  try {
    const pod = createPod(world, draft);
    report(world, set, { type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${pod.metadata.name}` });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    report(world, set, { type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${error.message}` });
    return error;
  }
}

function drop(world: World, set: ReplicaSet, pod: Pod): void {
  deletePod(world, pod);
  report(world, set, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${pod.metadata.name}` });
}

function report({ events }: World, set: ReplicaSet, notice: Omit<Notice, 'about'>): void {
  events.record({ component }, { about: referenceTo(set), ...notice });
}

function statusOf(
  set: ReplicaSet,
  seen: { pods: readonly Pod[]; failure: ApiError | undefined; now: Date },
): ReplicaSetStatus {
  const active = seen.pods.filter(isActive);
  const ready = active.filter(isReady);
  const minReadyMs = (set.spec.minReadySeconds ?? 0) * 1000;
  const available = ready.filter((pod) => isAvailable(pod, seen.now, minReadyMs));
  const labelled = active.filter((pod) =>
    selects({ matchLabels: set.spec.template.metadata?.labels ?? {} }, pod.metadata.labels),
  );
  const counts = {
    fullyLabeledReplicas: labelled.length,
    readyReplicas: ready.length,
    availableReplicas: available.length,
  };
  const conditions = conditionsOf(set, seen.failure, wireTime(seen.now));
  const terminating = seen.pods.filter(isTerminating).length;
  return {
    replicas: active.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    ...(terminating > 0 ? { terminatingReplicas: terminating } : {}),
    observedGeneration: set.metadata.generation ?? 1,
    ...(conditions.length === 0 ? {} : { conditions }),
  };
}

function conditionsOf({ status }: ReplicaSet, failure: ApiError | undefined, now: string) {
  if (failure === undefined) return withoutCondition(status?.conditions, 'ReplicaFailure');
  const present = conditionOf(status?.conditions, 'ReplicaFailure');
  if (present !== undefined) return status?.conditions ?? [];
  const condition = {
    type: 'ReplicaFailure',
    status: 'True' as const,
    reason: 'FailedCreate',
    message: failure.message,
  };
  return withCondition(status?.conditions, condition, now);
}
