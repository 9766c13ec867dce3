import { withCondition } from '../conditions.ts';
import type { Condition, ContainerStatus, Pod, PodStatus } from '../types.ts';

/** What the kubelet knows of a pod beyond its containers. */
type PodFacts = { containers: ContainerStatus[]; now: string; hostIP: string; podIP: string | undefined };

const hasEnded = ({ state, lastState }: ContainerStatus): boolean =>
  state.terminated !== undefined || (state.waiting !== undefined && lastState.terminated !== undefined);

/** The phase that follows from the containers' states. */
export function podPhase({ spec }: Pod, containers: readonly ContainerStatus[]): PodStatus['phase'] {
  const policy = spec.restartPolicy ?? 'Always';
  if (containers.some((status) => status.state.waiting !== undefined && !hasEnded(status))) return 'Pending';
  if (containers.some(({ state }) => state.running !== undefined) || policy === 'Always') return 'Running';
  const failed = containers.some(({ state }) => state.terminated !== undefined && state.terminated.exitCode !== 0);
  if (failed) return policy === 'Never' ? 'Failed' : 'Running';
  return containers.every(({ state }) => state.terminated !== undefined) ? 'Succeeded' : 'Running';
}

/** A pod's status as the kubelet writes it. */
export function podStatus(pod: Pod, { containers, now, hostIP, podIP }: PodFacts): PodStatus {
  const phase = podPhase(pod, containers);
  const { podIP: _ip, podIPs: _ips, ...rest } = pod.status ?? {};
  return {
    ...rest,
    observedGeneration: pod.metadata.generation ?? 1,
    phase,
    conditions: podConditions(pod, { phase, containers, now }),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP === undefined ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    startTime: pod.status?.startTime ?? now,
    containerStatuses: containers,
  };
}

type Readiness = { phase: PodStatus['phase']; containers: readonly ContainerStatus[]; now: string };

function podConditions(pod: Pod, { phase, containers, now }: Readiness): Condition[] {
  const hasSandbox = containers.some(({ state }) => state.waiting?.reason !== 'ContainerCreating');
  const isDone = phase === 'Succeeded' || phase === 'Failed';
  const wanted: Condition[] = [
    { type: 'PodReadyToStartContainers', status: hasSandbox && !isDone ? 'True' : 'False' },
    { type: 'Initialized', status: 'True', ...(phase === 'Succeeded' ? { reason: 'PodCompleted' } : {}) },
    { type: 'Ready', ...withGates(pod, readiness(phase, containers)) },
    { type: 'ContainersReady', ...readiness(phase, containers) },
    { type: 'PodScheduled', status: 'True' },
  ];
  return wanted.reduce<Condition[]>(
    (conditions, condition) => withCondition(conditions, { lastProbeTime: null, ...condition }, now),
    pod.status?.conditions ?? [],
  );
}

function readiness(phase: PodStatus['phase'], containers: readonly ContainerStatus[]): Omit<Condition, 'type'> {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name);
  if (unready.length === 0) return { status: 'True' };
  return {
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  };
}

/** A pod whose containers are ready waits for what somebody else says of its readiness gates. */
function withGates({ spec, status }: Pod, own: Omit<Condition, 'type'>): Omit<Condition, 'type'> {
  if (own.status !== 'True') return own;
  const shut = (spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const found = status?.conditions?.find(({ type }) => type === conditionType);
    if (found?.status === 'True') return [];
    return found === undefined
      ? `corresponding condition of pod readiness gate "${conditionType}" does not exist.`
      : `the status of pod readiness gate "${conditionType}" is not "True", but ${found.status}`;
  });
  return shut.length === 0 ? own : { status: 'False', reason: 'ReadinessGatesNotReady', message: shut.join(', ') };
}
