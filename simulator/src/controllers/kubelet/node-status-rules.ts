import { withCondition } from '../conditions.ts';
import type { Condition, Node } from '../types.ts';

/** Whether a node's disk is running full. */
export type DiskState = 'enough' | 'pressure';

const diskConditions: Record<DiskState, Condition> = {
  enough: {
    type: 'DiskPressure',
    status: 'False',
    reason: 'KubeletHasNoDiskPressure',
    message: 'kubelet has no disk pressure',
  },
  pressure: {
    type: 'DiskPressure',
    status: 'True',
    reason: 'KubeletHasDiskPressure',
    message: 'kubelet has disk pressure',
  },
};

/** The conditions that a working kubelet reports. */
export function kubeletConditions(node: Node, { disk, now }: { disk: DiskState; now: string }): Condition[] {
  const reported: Condition[] = [
    {
      type: 'MemoryPressure',
      status: 'False',
      reason: 'KubeletHasSufficientMemory',
      message: 'kubelet has sufficient memory available',
    },
    diskConditions[disk],
    {
      type: 'PIDPressure',
      status: 'False',
      reason: 'KubeletHasSufficientPID',
      message: 'kubelet has sufficient PID available',
    },
    { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
  ];
  return reported.reduce<Condition[]>(
    (conditions, condition) => withCondition(conditions, { ...condition, lastHeartbeatTime: now }, now),
    node.status?.conditions ?? [],
  );
}

/** The status of a node whose kubelet has just come up: what the node was declared with, completed. */
export function registeredStatus(
  node: Node,
  facts: { ip: string; disk: DiskState; now: string },
): NonNullable<Node['status']> {
  const capacity = { cpu: '4', memory: '8Gi', 'ephemeral-storage': '100Gi', pods: '110', ...node.status?.capacity };
  return {
    ...node.status,
    capacity,
    allocatable: { ...capacity, ...node.status?.allocatable },
    conditions: kubeletConditions(node, facts),
    addresses: node.status?.addresses ?? [
      { type: 'InternalIP', address: facts.ip },
      { type: 'Hostname', address: node.metadata.name },
    ],
    nodeInfo: {
      architecture: 'amd64',
      operatingSystem: 'linux',
      osImage: 'Debian GNU/Linux 12 (bookworm)',
      kernelVersion: '6.1.0-31-amd64',
      containerRuntimeVersion: 'containerd://1.7.24',
      kubeletVersion: 'v1.35.4',
      kubeProxyVersion: '',
      machineID: '',
      systemUUID: '',
      bootID: '',
      ...node.status?.nodeInfo,
    },
  };
}
