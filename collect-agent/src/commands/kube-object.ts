import type { Json } from '@aetherius/shared/contracts';

/** The parts of Kubernetes objects that commands read and write; everything else passes through untouched. */
export type ObjectMeta = {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { kind: string; name: string; uid: string; controller?: boolean }[];
};
export type KubeObject = { apiVersion: string; kind: string; metadata: ObjectMeta };
export type Resources = { requests?: Record<string, string>; limits?: Record<string, string> };
export type Container = { name: string; image?: string; resources?: Resources };
export type PodTemplate = {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: { containers: Container[] };
};
export type WorkloadStatus = {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  desiredNumberScheduled?: number;
  updatedNumberScheduled?: number;
  numberAvailable?: number;
  updateRevision?: string;
};
export type Workload = KubeObject & {
  spec: { replicas?: number; selector: { matchLabels?: Record<string, string> }; template: PodTemplate };
  status?: WorkloadStatus;
};
export type Node = KubeObject & { spec?: { unschedulable?: boolean }; status?: { conditions?: StatusCondition[] } };
export type Claim = KubeObject & { spec?: { storageClassName?: string } };
export type StatusCondition = { type: string; status: string; reason?: string; message?: string };
export type ContainerStatus = {
  name: string;
  restartCount: number;
  state?: { waiting?: { reason?: string }; terminated?: { reason?: string } };
  lastState?: { terminated?: { reason?: string } };
};
export type Pod = KubeObject & {
  status?: {
    phase?: string;
    conditions?: StatusCondition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** An answer of the API server as an object that can be acted on; undefined when it has no identity. */
export function asKubeObject<T extends KubeObject>(answer: Json): T | undefined {
  const metadata: unknown = isRecord(answer) ? answer['metadata'] : undefined;
  const hasIdentity =
    isRecord(metadata) && typeof metadata['uid'] === 'string' && typeof metadata['resourceVersion'] === 'string';
  return hasIdentity ? (answer as unknown as T) : undefined;
}

/** The items of a list answer; the kind is filled in because lists leave it out of their items. */
export function itemsOf<T extends KubeObject>(answer: Json, kind: string): T[] {
  const items: unknown = isRecord(answer) ? answer['items'] : undefined;
  if (!Array.isArray(items)) return [];
  return items.filter(isRecord).map((item) => ({ ...item, kind }) as unknown as T);
}
