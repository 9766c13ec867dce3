import type {
  CoreV1Event,
  V1ContainerStatus,
  V1DaemonSetStatus,
  V1DeploymentStatus,
  V1JobStatus,
  V1LabelSelector,
  V1NodeSpec,
  V1NodeStatus,
  V1OwnerReference,
  V1PersistentVolumeClaimSpec,
  V1PersistentVolumeClaimStatus,
  V1PodStatus,
  V1ReplicaSetStatus,
  V1StatefulSetStatus,
} from '@kubernetes/client-node';

/** A type of the Kubernetes package as it is on the wire: times are text. */
type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

export type OwnerReference = Wire<V1OwnerReference>;
export type ContainerStatus = Wire<V1ContainerStatus>;
export type LabelSelector = Wire<V1LabelSelector>;

/** What every condition of every kind has. */
export type StatusCondition = {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
};

/** The metadata that the agent keeps. */
export type Metadata = {
  name: string;
  uid: string;
  namespace?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
};

type Held<Kind extends string, Spec, Status> = {
  apiVersion: string;
  kind: Kind;
  metadata: Metadata;
  spec: Spec;
  status: Partial<Wire<Status>>;
};
type Scaled = { replicas?: number; selector?: LabelSelector; templateLabels?: Record<string, string> };

export type Pod = Held<
  'Pod',
  {
    nodeName?: string;
    restartPolicy?: string;
    claims: string[];
    memoryLimits: Record<string, string>;
    initContainers: string[];
  },
  V1PodStatus
>;
export type Node = Held<'Node', Wire<V1NodeSpec>, V1NodeStatus>;
type Deployment = Held<'Deployment', Scaled & { paused?: boolean }, V1DeploymentStatus>;
type ReplicaSet = Held<'ReplicaSet', Scaled, V1ReplicaSetStatus>;
type StatefulSet = Held<'StatefulSet', Scaled, V1StatefulSetStatus>;
type DaemonSet = Held<'DaemonSet', Scaled, V1DaemonSetStatus>;
type Job = Held<'Job', { completions?: number; suspend?: boolean }, V1JobStatus>;
export type Service = Held<'Service', { selector?: Record<string, string>; type?: string }, object>;
export type EndpointSlice = Held<'EndpointSlice', object, { ready: number; changedAt: string }>;
export type Claim = Held<
  'PersistentVolumeClaim',
  Partial<Wire<V1PersistentVolumeClaimSpec>>,
  V1PersistentVolumeClaimStatus
>;

/** An Event as the API server has it; schedulers fill other fields than kubelets do. */
export type KubeEvent = Partial<Wire<Omit<CoreV1Event, 'metadata' | 'involvedObject' | 'kind'>>> & {
  kind: 'Event';
  metadata: Metadata;
  involvedObject: {
    apiVersion?: string;
    kind: string;
    name: string;
    namespace?: string;
    uid?: string;
  };
};

export type Workload = Deployment | ReplicaSet | StatefulSet | DaemonSet | Job;
/** Everything that the in-memory view holds; Events pass through it. */
export type HeldObject = Pod | Node | Workload | Service | EndpointSlice | Claim;
export type HeldKind = HeldObject['kind'];
export type ObjectOf<Kind extends HeldKind> = Extract<HeldObject, { kind: Kind }>;

/** The condition of a type, from any status. */
export const conditionOf = (
  status: { conditions?: StatusCondition[] | undefined },
  type: string,
): StatusCondition | undefined => status.conditions?.find((condition) => condition.type === type);

/** An object as an event on the wire refers to it. */
export const refOf = ({ apiVersion, kind, metadata }: HeldObject) => ({
  api_version: apiVersion,
  kind,
  namespace: metadata.namespace ?? null,
  name: metadata.name,
  uid: metadata.uid,
});
