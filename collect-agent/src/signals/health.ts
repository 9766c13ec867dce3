import {
  type ContainerStatus,
  conditionOf,
  type HeldObject,
  type Node,
  type Pod,
  type StatusCondition,
  type Workload,
} from '../kube/objects.ts';
import type { Facts } from '../watch/cluster-state.ts';
import { latest } from './signal.ts';

/** In full health since a time, or undefined when it is not (or cannot be told yet). */
export type Health = { since: string | undefined; shaky: boolean } | undefined;

const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** A node is well when it is ready and under no pressure. */
export function nodeHealth({ status }: Pick<Node, 'status'>): Health {
  const ready = conditionOf(status, 'Ready');
  const pressed = pressures.map((type) => conditionOf(status, type));
  if (ready?.status !== 'True' || pressed.some((one) => one?.status === 'True')) return undefined;
  return { since: latest([ready, ...pressed].map((one) => one?.lastTransitionTime)), shaky: false };
}

const isWell = ({ state }: ContainerStatus): boolean =>
  state?.waiting === undefined && (state?.terminated?.exitCode ?? 0) === 0;

/** Every container of a pod, those of its start-up included. */
export const containersOf = ({ status }: Pod): ContainerStatus[] => [
  ...(status.initContainerStatuses ?? []),
  ...(status.containerStatuses ?? []),
];

/** A pod that runs and is ready; `shaky` when one of its containers ended badly before. */
export function podHealth(pod: Pod): Health {
  const statuses = containersOf(pod);
  const ready = conditionOf(pod.status, 'Ready');
  if (pod.metadata.deletionTimestamp !== undefined || ready?.status !== 'True' || !statuses.every(isWell))
    return undefined;
  const shaky = statuses.some(({ lastState }) => (lastState?.terminated?.exitCode ?? 0) !== 0);
  return {
    since: latest([ready.lastTransitionTime, ...statuses.map(({ state }) => state?.running?.startedAt)]),
    shaky,
  };
}

/** Pods of a workload, through its ReplicaSets where it has such; those that are going or have ended do not count. */
export const livePods = (facts: Facts, { metadata }: HeldObject): Pod[] =>
  facts
    .ownedBy(metadata.uid)
    .flatMap((object) => (object.kind === 'Pod' ? [object] : livePods(facts, object)))
    .filter(({ status, metadata: { deletionTimestamp } }) => {
      const ended = status.phase === 'Succeeded' || status.phase === 'Failed';
      return !ended && deletionTimestamp === undefined;
    });

/** Everything wanted is there, of the newest template and available, and no container of it is in trouble. */
export function workloadHealth(workload: Workload, facts: Facts): Health {
  if (workload.kind === 'Job') return jobHealth(workload.status);
  if (!isComplete(workload)) return undefined;
  const pods = livePods(facts, workload).map(podHealth);
  if (pods.includes(undefined)) return undefined;
  const { conditions = [] }: { conditions?: StatusCondition[] | undefined } = workload.status;
  const times = conditions.flatMap(({ lastTransitionTime, lastUpdateTime }) => [lastTransitionTime, lastUpdateTime]);
  return {
    since: latest([...times, ...pods.map((pod) => pod?.since), workload.metadata.creationTimestamp]),
    shaky: pods.some((pod) => pod?.shaky),
  };
}

function jobHealth(status: Extract<Workload, { kind: 'Job' }>['status']): Health {
  const complete = conditionOf(status, 'Complete');
  return complete?.status === 'True' ? { since: complete.lastTransitionTime, shaky: false } : undefined;
}

function isComplete(workload: Exclude<Workload, { kind: 'Job' }>): boolean {
  const { generation = 0 } = workload.metadata;
  if ((workload.status.observedGeneration ?? generation) < generation) return false;
  if (workload.kind === 'DaemonSet') {
    const {
      desiredNumberScheduled = 0,
      numberAvailable = 0,
      updatedNumberScheduled = numberAvailable,
    } = workload.status;
    return numberAvailable >= desiredNumberScheduled && updatedNumberScheduled >= desiredNumberScheduled;
  }
  const wanted = workload.spec.replicas ?? 1;
  const { replicas = 0, readyReplicas = 0, availableReplicas = readyReplicas } = workload.status;
  const updated = workload.kind === 'ReplicaSet' ? wanted : (workload.status.updatedReplicas ?? 0);
  return replicas === wanted && readyReplicas === wanted && availableReplicas === wanted && updated === wanted;
}
