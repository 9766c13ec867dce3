import { podRequests } from '../pod-resources.ts';
import type { Pod } from '../types.ts';

const critical = new Set(['system-node-critical', 'system-cluster-critical']);
const thresholdMi = 10_240;

/** How much of the disk is left on a node under pressure, and what a pod's container has written. */
const availableMi = 7_841;

/** The next pod to be thrown off a node that runs out of disk; pods that the node itself needs are spared. */
export function evictionVictim(pods: readonly Pod[]): Pod | undefined {
  return pods
    .filter(({ spec }) => !critical.has(spec.priorityClassName ?? ''))
    .sort((left, right) => (podRequests(left.spec)['memory'] ?? 0) - (podRequests(right.spec)['memory'] ?? 0))[0];
}

/** The kubelet's words about an eviction for want of disk. */
export function evictionMessage({ spec, metadata }: Pod): string {
  const [container] = spec.containers;
  const usedMi = 900 + ((metadata.name.length * 137) % 2_400);
  const shortage = `Threshold quantity: ${thresholdMi / 1024}Gi, available: ${availableMi}Mi.`;
  const use = `Container ${container?.name} was using ${usedMi}Mi, request is 0, has larger consumption of ephemeral-storage.`;
  return `The node was low on resource: ephemeral-storage. ${shortage} ${use} `;
}
