import { type BundleObject, type JsonObject, seconds } from '@aetherius/shared/contracts';
import { isTrueAt, numberAt, objectAt, objectsAt, own, textAt } from '../json-path.ts';
import { conditionHealth } from './condition-health.ts';
import type { Health } from './health-state.ts';
import { heldDeletion, isLeaving, LEAVING, toldToGo } from './held-deletion.ts';

/** Grace of a start in seconds, where no startup probe gives another. */
export const START_UP = seconds('3m');
const FLAPPING = seconds('1h');
const JUST_NOW = seconds('1m');
const LONG_PAST = seconds('6h');
const ROLLOUT = seconds('10m');
/** The controller leaves out pods that have not run for this long, and the metrics server needs a minute or two. */
const FIRST_FIGURES = seconds('5m');
const unclear: Health = { state: 'unclear', line: '' };

/** The condition of a type, as Deployments, Pods, Nodes, Jobs and HPAs carry it. */
export const conditionOf = (object: BundleObject, type: string): JsonObject | undefined =>
  objectsAt(object.body, 'status.conditions').find((condition) => textAt(condition, 'type') === type);

/** Seconds from a timestamp of a body to now, or undefined where it has none. */
export function ageOf(body: JsonObject | undefined, path: string, now: number): number | undefined {
  const at = Date.parse(textAt(body, path) ?? '');
  return Number.isNaN(at) ? undefined : (now - at) / 1000;
}

/** The statuses of all containers of a pod, init containers first. */
export const statusesOf = (pod: BundleObject): JsonObject[] => [
  ...objectsAt(pod.body, 'status.initContainerStatuses'),
  ...objectsAt(pod.body, 'status.containerStatuses'),
];

/** How often a container was started again; where the count is left out, what ended before shows that it was. */
const restartsOf = (status: JsonObject): number =>
  numberAt(status, 'restartCount') ?? Number(objectAt(status, 'lastState.terminated') !== undefined);

/** How many starts anew are no accident: a row of a table says when but not how, and two may be all that a start took. */
function often(ended: JsonObject, age: number): number {
  const isTold = textAt(ended, 'reason') !== undefined || numberAt(ended, 'exitCode') !== undefined;
  return isTold || age < JUST_NOW ? 2 : 3;
}

/** Restarted so lately or so often that being up right now says little. */
function isFlapping(status: JsonObject, now: number): boolean {
  const ended = objectAt(status, 'state.terminated') ?? objectAt(status, 'lastState.terminated');
  const restarts = restartsOf(status);
  if (restarts === 0) return false;
  // What it ended of may be gone by the time that it runs again.
  if (ended === undefined)
    return restarts >= 2 && (ageOf(status, 'state.running.startedAt', now) ?? START_UP) < START_UP;
  const age = ageOf(ended, 'finishedAt', now);
  if (age === undefined) return restarts >= 3;
  return age < FLAPPING && (restarts >= often(ended, age) || textAt(ended, 'reason') === 'OOMKilled');
}

function lineOfRestarts(status: JsonObject): string {
  const restarts = numberAt(status, 'restartCount');
  return restarts === undefined ? 'lastState.terminated.' : `restartCount: ${restarts}`;
}

const harmlessWaits = new Set(['', 'ContainerCreating', 'PodInitializing']);

/** The Ready condition, else the word of every container; undefined where neither is told. */
function isReady(pod: BundleObject): boolean | undefined {
  const told = textAt(conditionOf(pod, 'Ready'), 'status');
  if (told !== undefined) return told === 'True';
  const statuses = objectsAt(pod.body, 'status.containerStatuses');
  if (statuses.every(({ ready }) => ready === undefined)) return undefined;
  return statuses.every(({ ready }) => ready === true);
}

function runningHealth(pod: BundleObject, isYoung: boolean): Health {
  const waits = statusesOf(pod)
    .map((status) => textAt(status, 'state.waiting.reason') ?? '')
    .find((reason) => !harmlessWaits.has(reason));
  if (waits !== undefined) return { state: 'broken', line: `waiting.reason: ${waits}` };
  const ready = isReady(pod);
  if (ready === true)
    return { state: 'healthy', line: conditionOf(pod, 'Ready') === undefined ? 'ready: true' : 'type: Ready' };
  if (ready === undefined && ['Running', undefined].includes(textAt(pod.body, 'status.phase'))) return unclear;
  const line = unreadyLine(pod);
  return { state: isYoung && lineOfFailure(pod) === undefined ? 'progressing' : 'broken', line };
}

const ownConditions = new Set(['Ready', 'ContainersReady', 'Initialized', 'PodScheduled']);

/** Why a pod is not ready, as far as its conditions say: the message, or the gate that something else has to open. */
function unreadyLine(pod: BundleObject): string {
  const message = textAt(conditionOf(pod, 'Ready'), 'message');
  if (message !== undefined) return message.slice(0, 200);
  const gate = objectsAt(pod.body, 'status.conditions').find(
    (one) => textAt(one, 'status') === 'False' && !ownConditions.has(textAt(one, 'type') ?? ''),
  );
  return gate === undefined ? lineOfContainer(pod) : `type: ${textAt(gate, 'type')}`;
}

/** How a container lies ended that should be up, by a failure (a row tells the word alone) or once more: that is no start that takes its time. */
function lineOfFailure(pod: BundleObject): string | undefined {
  const ends = statusesOf(pod).flatMap((status) => objectAt(status, 'state.terminated') ?? []);
  const code = ends.map((end) => numberAt(end, 'exitCode') ?? 0).find((one) => one !== 0);
  if (code !== undefined) return `state.terminated.exitCode: ${code}`;
  const isUpAlways = ['Always', undefined].includes(textAt(pod.body, 'spec.restartPolicy'));
  const endsWell = objectsAt(pod.body, 'status.containerStatuses').some(
    (status) => restartsOf(status) > 0 && numberAt(status, 'state.terminated.exitCode') === 0,
  );
  if (isUpAlways && endsWell) return 'state.terminated.exitCode: 0';
  const [word] = ends
    .filter((end) => numberAt(end, 'exitCode') === undefined)
    .flatMap((end) => textAt(end, 'reason') ?? [])
    .filter((reason) => reason !== 'Completed');
  return word === undefined ? undefined : `state.terminated.reason: ${word}`;
}

/** What a container waits for, or how it ended, tells more than the phase, which a row of a table does not even show. */
function lineOfContainer(pod: BundleObject): string {
  const all = statusesOf(pod);
  const wait = all.map((status) => textAt(status, 'state.waiting.reason') ?? '').find((reason) => reason !== '');
  if (wait !== undefined) return `waiting.reason: ${wait}`;
  return lineOfFailure(pod) ?? (all.some(({ ready }) => ready === false) ? 'ready: false' : 'status.phase');
}

/** Why a pod was made to go by what the cluster was told to do, not by anything of its own or of its node. */
const onPurpose = new Set(['PreemptionByScheduler', 'EvictionByEvictionAPI']);

/** A pod whose containers have all ended for good. */
function endedHealth(pod: BundleObject, isLongPast: boolean): Health | undefined {
  const phase = textAt(pod.body, 'status.phase');
  if (phase === 'Succeeded') return { state: 'finished', line: 'status.phase: Succeeded' };
  if (phase !== 'Failed') return undefined;
  // What it ran goes on in a pod that its owner makes in its place, which is judged by itself.
  const isOwned = objectsAt(pod.body, 'metadata.ownerReferences').length > 0;
  const purpose = textAt(conditionOf(pod, 'DisruptionTarget'), 'reason') ?? '';
  if (isOwned && onPurpose.has(purpose)) return { state: 'finished', line: `reason: ${purpose}` };
  return {
    state: isLongPast ? 'finished' : 'broken',
    line: textAt(pod.body, 'status.reason') === undefined ? 'status.phase: Failed' : 'status.reason: ',
  };
}

/** Kubernetes' own defaults for a probe that leaves them out. */
const PERIOD = 10;
const FAILURES = 3;

/** Whether a container has not started yet and its startup probe still gives it time: so long the kubelet waits as well. */
function mayStillStart(pod: BundleObject, now: number): boolean {
  const began = statusesOf(pod)
    // A description does not tell whether it has; what has started and is not ready fails another probe.
    .filter(({ started, ready }) => started === false || (started === undefined && ready === false))
    .map((status) => ({ name: textAt(status, 'name'), age: ageOf(status, 'state.running.startedAt', now) }));
  return objectsAt(pod.body, 'spec.containers').some((spec) => {
    const probe = objectAt(spec, 'startupProbe');
    const age = began.find(({ name }) => name === textAt(spec, 'name'))?.age;
    const tries = (numberAt(probe, 'failureThreshold') ?? FAILURES) + 1;
    const given = (numberAt(probe, 'initialDelaySeconds') ?? 0) + tries * (numberAt(probe, 'periodSeconds') ?? PERIOD);
    return probe !== undefined && age !== undefined && age < given;
  });
}

function podHealth(pod: BundleObject, now: number): Health {
  const age = ageOf(pod.body, 'metadata.creationTimestamp', now) ?? ageOf(pod.body, 'status.startTime', now);
  const ended = endedHealth(pod, age !== undefined && age > LONG_PAST);
  if (ended !== undefined) return ended;
  // Since when is not always told, and then neither is whether its time is over.
  if (isLeaving(pod)) return { state: toldToGo(pod) === undefined ? 'unclear' : 'progressing', line: LEAVING };
  const flapping = statusesOf(pod).find((status) => isFlapping(status, now));
  return flapping !== undefined
    ? { state: 'broken', line: lineOfRestarts(flapping) }
    : runningHealth(pod, (age !== undefined && age < START_UP) || mayStillStart(pod, now));
}

type Paths = { wanted: string; ready: string; updated: string; fallback: number };

const counted: Record<string, Paths> = {
  Deployment: {
    wanted: 'spec.replicas',
    ready: 'status.readyReplicas',
    updated: 'status.updatedReplicas',
    fallback: 1,
  },
  ReplicaSet: { wanted: 'spec.replicas', ready: 'status.readyReplicas', updated: 'status.replicas', fallback: 1 },
  StatefulSet: {
    wanted: 'spec.replicas',
    ready: 'status.readyReplicas',
    updated: 'status.updatedReplicas',
    fallback: 1,
  },
  DaemonSet: {
    wanted: 'status.desiredNumberScheduled',
    ready: 'status.numberReady',
    updated: 'status.updatedNumberScheduled',
    fallback: 0,
  },
};

/** A rollout under way within its time, or an object made a moment ago. */
function isMoving(object: BundleObject, now: number): boolean {
  const created = ageOf(object.body, 'metadata.creationTimestamp', now);
  if (created !== undefined && created < START_UP) return true;
  const progress = conditionOf(object, 'Progressing');
  const age = ageOf(progress, 'lastUpdateTime', now) ?? ageOf(progress, 'lastTransitionTime', now) ?? 0;
  const isUnderWay = textAt(progress, 'status') === 'True' && textAt(progress, 'reason') !== 'NewReplicaSetAvailable';
  return isUnderWay && age < ROLLOUT;
}

/** Every pod serves while new ones take their place; a row of a table and all but Deployments do not say how far that is. */
const isReplaced = (object: BundleObject, isServed: boolean): boolean =>
  isServed && conditionOf(object, 'Progressing') === undefined;

/** A part of a description may show conditions without the numbers. */
function partHealth(object: BundleObject): Health {
  const available = textAt(conditionOf(object, 'Available'), 'status');
  if (available === undefined) return unclear;
  return { state: available === 'True' ? 'healthy' : 'broken', line: 'type: Available' };
}

function workloadHealth(object: BundleObject, now: number): Health {
  const paths = own(counted, object.kind);
  // A dry run writes an empty status: that is a manifest still.
  const hasStatus = Object.keys(objectAt(object.body, 'status') ?? {}).length > 0;
  if (paths === undefined || !hasStatus) return unclear;
  const told = numberAt(object.body, paths.ready);
  if (told === undefined && isTrueAt(object.body, 'status.isPart')) return partHealth(object);
  return countedHealth(object, { now, paths, ready: told ?? 0 });
}

/** Where nobody is ready, the status leaves that out: what it says of the others shows it. */
const shortLine = ({ body }: BundleObject, { ready }: Paths): string =>
  [ready, 'status.unavailableReplicas', 'status.numberUnavailable', 'status.replicas'].find(
    (path) => numberAt(body, path) !== undefined,
  ) ?? 'status.';

/** How many of the pods that a workload is to have are ready; undefined where it has them all or nothing counts them. */
export function shortage(object: BundleObject): { ready: number; wanted: number } | undefined {
  const paths = own(counted, object.kind);
  if (paths === undefined || objectAt(object.body, 'status') === undefined) return undefined;
  const wanted = numberAt(object.body, paths.wanted) ?? paths.fallback;
  const ready = numberAt(object.body, paths.ready) ?? 0;
  return ready >= wanted ? undefined : { ready, wanted };
}

type Counts = { now: number; paths: Paths; ready: number };

function countedHealth(object: BundleObject, { now, paths, ready }: Counts): Health {
  const wanted = numberAt(object.body, paths.wanted) ?? paths.fallback;
  const updated = numberAt(object.body, paths.updated) ?? wanted;
  if (wanted === 0) return { state: 'healthy', line: `${paths.wanted}: 0` };
  if (ready >= wanted && updated >= wanted) return { state: 'healthy', line: `${paths.ready}: ${ready}` };
  return {
    state: isMoving(object, now) || isReplaced(object, ready >= wanted) ? 'progressing' : 'broken',
    line: shortLine(object, paths),
  };
}

function jobHealth(job: BundleObject): Health {
  const has = (type: string) => textAt(conditionOf(job, type), 'status') === 'True';
  if (has('Complete')) return { state: 'finished', line: 'type: Complete' };
  if (has('Failed')) return { state: 'broken', line: 'type: Failed' };
  if (has('Suspended')) return { state: 'healthy', line: 'type: Suspended' };
  const succeeded = numberAt(job.body, 'status.succeeded') ?? 0;
  if (succeeded > 0 && succeeded >= (numberAt(job.body, 'spec.completions') ?? 1))
    return { state: 'finished', line: 'status.succeeded' };
  return (numberAt(job.body, 'status.failed') ?? 0) > 0 ? { state: 'broken', line: 'status.failed' } : unclear;
}

function nodeHealth(node: BundleObject): Health {
  const ready = textAt(conditionOf(node, 'Ready'), 'status');
  if (ready === undefined) return unclear;
  const pressed = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'].some(
    (type) => textAt(conditionOf(node, type), 'status') === 'True',
  );
  return ready === 'True' && !pressed
    ? { state: 'healthy', line: 'status: True' }
    : { state: 'broken', line: 'status.conditions' };
}

function claimHealth(claim: BundleObject, now: number): Health {
  const phase = textAt(claim.body, 'status.phase');
  if (phase === undefined) return unclear;
  const age = ageOf(claim.body, 'metadata.creationTimestamp', now);
  if (phase === 'Pending' && age !== undefined && age < START_UP) return { state: 'progressing', line: 'status.phase' };
  return phase === 'Bound' && objectsAt(claim.body, 'status.conditions').length === 0
    ? { state: 'healthy', line: 'status.phase: Bound' }
    : { state: 'broken', line: 'status.phase' };
}

/** A row of a table shows what was measured beside each goal, and `<unknown>` where nothing was. */
function healthByFigures(hpa: BundleObject, now: number): Health {
  const targets = textAt(hpa.body, 'status.targets') ?? '';
  const line = 'status.targets';
  if (!targets.includes('<unknown>'))
    return /\d[\w.%]*\s*(?:\([^)]*\)\s*)?\//.test(targets) ? { state: 'healthy', line } : unclear;
  // Without pods there is nothing to measure.
  if (numberAt(hpa.body, 'status.currentReplicas') === 0) return unclear;
  const age = ageOf(hpa.body, 'metadata.creationTimestamp', now);
  if (age === undefined) return unclear;
  return { state: age < FIRST_FIGURES ? 'progressing' : 'broken', line };
}

function scalerHealth(hpa: BundleObject, now: number): Health {
  const active = textAt(conditionOf(hpa, 'ScalingActive'), 'status');
  const able = textAt(conditionOf(hpa, 'AbleToScale'), 'status');
  if (active === undefined && able === undefined) return healthByFigures(hpa, now);
  return active !== 'False' && able !== 'False'
    ? { state: 'healthy', line: 'type: ScalingActive' }
    : { state: 'broken', line: 'status.conditions' };
}

/** How an object fares, judged by its status alone at a time in milliseconds. */
export function healthOf(object: BundleObject, now: number): Health {
  const held = heldDeletion(object, now);
  if (held !== undefined) return held;
  switch (object.kind) {
    case 'Pod':
      return podHealth(object, now);
    case 'Job':
      return jobHealth(object);
    case 'Node':
      return nodeHealth(object);
    case 'PersistentVolumeClaim':
      return claimHealth(object, now);
    case 'HorizontalPodAutoscaler':
      return scalerHealth(object, now);
    default:
      return object.kind in counted ? workloadHealth(object, now) : conditionHealth(object, now);
  }
}
