import type { Severity } from '@aetherius/shared/contracts';
import { type ContainerStatus, conditionOf, type Pod, refOf } from '../kube/objects.ts';
import type { Facts } from '../watch/cluster-state.ts';
import { controllerOf } from '../watch/cluster-state.ts';
import { patienceForPlace, podSubject } from './fingerprint.ts';
import { containersOf } from './health.ts';
import { hasRecovered } from './recovery.ts';
import { isLongPast, type Signal } from './signal.ts';

const MINUTE_MS = 60_000;
const CREATING_MS = 5 * MINUTE_MS;
const EXITS = 3;

type Found = {
  reason: string;
  severity: Severity;
  message: string;
  at: string | undefined;
  container?: string;
  mark?: string | number;
  holdMs?: number;
};

/** Waiting reasons that no amount of waiting cures. */
const waitingFaults: Record<string, Severity> = {
  CrashLoopBackOff: 'critical',
  ErrImagePull: 'high',
  ImagePullBackOff: 'high',
  InvalidImageName: 'high',
  ErrImageNeverPull: 'high',
  ImageInspectError: 'high',
  RegistryUnavailable: 'high',
  SignatureValidationFailed: 'high',
  CreateContainerConfigError: 'high',
  CreateContainerError: 'high',
  RunContainerError: 'high',
  PostStartHookError: 'high',
  CreatePodSandboxError: 'high',
};

/** What a pod's own state says, Events or not: a kill for memory for one writes no Event at all. */
export function fromPod(pod: Pod, facts: Facts, now: number): Signal[] {
  if (pod.metadata.deletionTimestamp !== undefined || pod.status.phase === 'Succeeded') return [];
  const found = [
    ...refused(pod),
    ...unplaced(pod),
    ...stuck(pod),
    ...containersOf(pod).flatMap((one) => fromContainer(pod, one, now)),
  ];
  return found
    .map((one) => signalOf(pod, facts, one))
    .filter((signal) => !(isLongPast(signal.at, now) && isQuiet(pod)) && !hasRecovered(signal, facts, now));
}

const isQuiet = (pod: Pod): boolean =>
  pod.status.phase === 'Failed' || conditionOf(pod.status, 'Ready')?.status === 'True';

function signalOf(pod: Pod, facts: Facts, found: Found): Signal {
  const { reason, severity, message, at, container = '', mark = at ?? '', holdMs = 0 } = found;
  return {
    type: 'k8s_state',
    signal: 'fault',
    severity,
    reason,
    message: container === '' ? message : `container ${container}: ${message}`,
    source: 'pod-status',
    object: refOf(pod),
    subject: podSubject(facts, pod, reason, message),
    node: pod.spec.nodeName ?? null,
    count: 1,
    at,
    identity: [pod.metadata.uid, container, reason, mark],
    holdMs,
  };
}

/** The kubelet turned the pod away or threw it out: it stays as phase Failed with a reason. */
function refused(pod: Pod): Found[] {
  const { phase, reason, message = '' } = pod.status;
  if (phase !== 'Failed' || reason === undefined || reason === '') return [];
  const at =
    conditionOf(pod.status, 'DisruptionTarget')?.lastTransitionTime ??
    conditionOf(pod.status, 'Ready')?.lastTransitionTime;
  return [
    {
      reason,
      severity: 'high',
      message: message || `the pod was turned away: ${reason}`,
      at: at ?? pod.metadata.creationTimestamp,
      mark: '',
    },
  ];
}

function unplaced(pod: Pod): Found[] {
  const scheduled = conditionOf(pod.status, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return [];
  const message = scheduled.message ?? 'no node fits';
  return [
    {
      reason: 'FailedScheduling',
      severity: 'high',
      message,
      at: scheduled.lastTransitionTime,
      holdMs: patienceForPlace(message),
    },
  ];
}

const isRunning = ({ state }: ContainerStatus): boolean => state?.running !== undefined;

/** On a node for minutes and no container was ever made: a volume, the network or the runtime holds it up. */
function stuck(pod: Pod): Found[] {
  const scheduled = conditionOf(pod.status, 'PodScheduled');
  if (pod.status.phase !== 'Pending' || scheduled?.status !== 'True' || containersOf(pod).some(isRunning)) return [];
  const creating = (pod.status.containerStatuses ?? []).find(
    ({ state }) => state?.waiting?.reason === 'ContainerCreating',
  );
  if (creating === undefined) return [];
  const message = 'on its node, but not created for minutes';
  return [
    {
      reason: 'ContainerCreating',
      severity: 'high',
      message,
      at: scheduled.lastTransitionTime,
      container: creating.name,
      holdMs: CREATING_MS,
    },
  ];
}

function fromContainer(pod: Pod, status: ContainerStatus, now: number): Found[] {
  return [...waiting(pod, status), ...outOfMemory(status), ...exiting(pod, status, now)];
}

function waiting(pod: Pod, { name, state, lastState, restartCount }: ContainerStatus): Found[] {
  const reason = state?.waiting?.reason ?? '';
  const severity = Object.hasOwn(waitingFaults, reason) ? waitingFaults[reason] : undefined;
  if (severity === undefined) return [];
  // A waiting state has no time of its own: the crash before it, else the pod's readiness, is the nearest there is.
  const at = lastState?.terminated?.finishedAt ?? conditionOf(pod.status, 'Ready')?.lastTransitionTime;
  return [{ reason, severity, message: state?.waiting?.message ?? reason, at, container: name, mark: restartCount }];
}

const endOf = ({ state, lastState }: ContainerStatus) => state?.terminated ?? lastState?.terminated;

/** One kill is seen twice, first as the state and then as the last one, so its time is its mark and not the restart count. */
function outOfMemory(status: ContainerStatus): Found[] {
  const end = endOf(status);
  if (end?.reason !== 'OOMKilled') return [];
  const message = `killed for memory (exit ${end.exitCode}), restarted ${status.restartCount} times`;
  return [{ reason: 'OOMKilled', severity: 'critical', message, at: end.finishedAt, container: status.name }];
}

/** The kubelet shows `terminated` for most of a back-off, so restarts count as well as the waiting reason. */
function exiting(pod: Pod, status: ContainerStatus, now: number): Found[] {
  const end = endOf(status);
  if (end === undefined || end.exitCode === 0 || end.reason === 'OOMKilled' || status.restartCount < EXITS) return [];
  const ended = Date.parse(end.finishedAt ?? '');
  const lived = ended - Date.parse(end.startedAt ?? '');
  // A restart a day is not a loop, and a Job says itself when its tries are used up.
  if (!(lived < 10 * MINUTE_MS) || !(now - ended < 10 * MINUTE_MS) || controllerOf(pod)?.kind === 'Job') return [];
  const message = `ended with exit code ${end.exitCode} (${end.reason ?? 'Error'}), restarted ${status.restartCount} times`;
  return [
    {
      reason: 'ContainerExited',
      severity: 'high',
      message,
      at: end.finishedAt,
      container: status.name,
      mark: status.restartCount,
    },
  ];
}
