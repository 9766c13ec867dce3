import { type Inventory, MAX_INVENTORY_WORKLOADS } from '@aetherius/shared/contracts';
import type { Pod, Service } from '../kube/objects.ts';
import type { Facts } from '../watch/cluster-state.ts';
import { workloadsOf } from './usage.ts';

const MOST_PODS = 200;
const MOST_SERVICES = 50;

/** A Service stands for the pods that its selector finds; one that has no endpoint slice yet reaches nobody. */
function servicesOf(pods: readonly Pod[], services: readonly Service[], facts: Facts): string[] {
  const selects = ({ metadata, spec }: Service): boolean => {
    const wanted = Object.entries(spec.selector ?? {});
    const held = (pod: Pod) => wanted.every(([label, value]) => pod.metadata.labels?.[label] === value);
    return (
      wanted.length > 0 &&
      pods.some(held) &&
      facts
        .inNamespace('EndpointSlice', metadata.namespace ?? '')
        .some((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name)
    );
  };
  return services.filter(selects).map(({ metadata }) => metadata.name);
}

/** What belongs to which workload, in as many messages as it takes. */
export function inventoryOf(facts: Facts, { cluster, at }: { cluster: string; at: string }): Inventory[] {
  const workloads = workloadsOf(facts).map(({ subject, pods }) => ({
    subject,
    pods: pods.slice(0, MOST_PODS).map(({ metadata }) => metadata.name),
    services: servicesOf(pods, facts.inNamespace('Service', subject.namespace ?? ''), facts).slice(0, MOST_SERVICES),
    nodes: [...new Set(pods.flatMap(({ spec }) => spec.nodeName ?? []))].slice(0, MOST_PODS),
  }));
  const parts = Math.max(1, Math.ceil(workloads.length / MAX_INVENTORY_WORKLOADS));
  return Array.from({ length: parts }, (_, part) => ({
    cluster_id: cluster,
    at,
    part: part + 1,
    parts,
    workloads: workloads.slice(part * MAX_INVENTORY_WORKLOADS, (part + 1) * MAX_INVENTORY_WORKLOADS),
  }));
}
