import type { ObjectRef } from '@aetherius/shared/contracts';

type Kind = { api_version: string; plural: string; namespaced: boolean };
const namespaced = (api_version: string, plural: string): Kind => ({ api_version, plural, namespaced: true });
const clusterWide = (api_version: string, plural: string): Kind => ({ api_version, plural, namespaced: false });

/** The kinds that a command may name; Secret and ConfigMap are missing on purpose: no path to what people keep passwords in can be built. */
const kinds: Readonly<Record<string, Kind>> = {
  Pod: namespaced('v1', 'pods'),
  Service: namespaced('v1', 'services'),
  Endpoints: namespaced('v1', 'endpoints'),
  PersistentVolumeClaim: namespaced('v1', 'persistentvolumeclaims'),
  ResourceQuota: namespaced('v1', 'resourcequotas'),
  ServiceAccount: namespaced('v1', 'serviceaccounts'),
  LimitRange: namespaced('v1', 'limitranges'),
  Event: namespaced('v1', 'events'),
  Node: clusterWide('v1', 'nodes'),
  Namespace: clusterWide('v1', 'namespaces'),
  PersistentVolume: clusterWide('v1', 'persistentvolumes'),
  Deployment: namespaced('apps/v1', 'deployments'),
  ReplicaSet: namespaced('apps/v1', 'replicasets'),
  StatefulSet: namespaced('apps/v1', 'statefulsets'),
  DaemonSet: namespaced('apps/v1', 'daemonsets'),
  Job: namespaced('batch/v1', 'jobs'),
  CronJob: namespaced('batch/v1', 'cronjobs'),
  EndpointSlice: namespaced('discovery.k8s.io/v1', 'endpointslices'),
  HorizontalPodAutoscaler: namespaced('autoscaling/v2', 'horizontalpodautoscalers'),
  Ingress: namespaced('networking.k8s.io/v1', 'ingresses'),
  PodDisruptionBudget: namespaced('policy/v1', 'poddisruptionbudgets'),
  StorageClass: clusterWide('storage.k8s.io/v1', 'storageclasses'),
};

/** Every kind that can be read. */
export const readableKinds: readonly string[] = Object.keys(kinds);

/** Whether the kind lives outside of namespaces; undefined for one that is not known. */
export const isClusterWide = (kind: string): boolean | undefined => {
  const known = kinds[kind];
  return known && !known.namespaced;
};

/** The path of all objects of a kind, in one namespace or everywhere. */
export function listPath(kind: string, namespace: string | null): string {
  const known = kinds[kind];
  if (known === undefined) throw new RangeError(`no path to kind ${kind}`);
  const root = known.api_version === 'v1' ? '/api/v1' : `/apis/${known.api_version}`;
  const place = known.namespaced && namespace !== null ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${place}/${known.plural}`;
}

/** The path of one object. */
export const pathOf = ({ kind, namespace, name }: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string =>
  `${listPath(kind, namespace)}/${encodeURIComponent(name)}`;
