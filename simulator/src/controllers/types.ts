import type {
  Condition,
  LabelSelector,
  Metadata,
  PodSpec,
  PodStatus,
  PodTemplate,
  StringMap,
  Taint,
} from './pod-types.ts';

export type * from './pod-types.ts';

/** What every object has. */
interface Typed<Kind extends string> {
  apiVersion: string;
  kind: Kind;
  metadata: Metadata;
}

/** A pod. */
export interface Pod extends Typed<'Pod'> {
  spec: PodSpec;
  status?: PodStatus;
}

/** A node. */
export interface Node extends Typed<'Node'> {
  spec?: { unschedulable?: boolean; taints?: Taint[]; podCIDR?: string; providerID?: string };
  status?: {
    capacity?: StringMap;
    allocatable?: StringMap;
    conditions?: Condition[];
    addresses?: { type: string; address: string }[];
    nodeInfo?: StringMap;
    images?: { names: string[]; sizeBytes: number }[];
  };
}

/** A deployment. */
export interface Deployment extends Typed<'Deployment'> {
  spec: {
    replicas?: number;
    selector: LabelSelector;
    template: PodTemplate;
    paused?: boolean;
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    progressDeadlineSeconds?: number;
    strategy?: {
      type?: 'RollingUpdate' | 'Recreate';
      rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string };
    };
  };
  status?: DeploymentStatus;
}

/** The status of a deployment. */
export interface DeploymentStatus {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  terminatingReplicas?: number;
  collisionCount?: number;
  conditions?: Condition[];
}

/** A replica set. */
export interface ReplicaSet extends Typed<'ReplicaSet'> {
  spec: { replicas?: number; selector: LabelSelector; template: PodTemplate; minReadySeconds?: number };
  status?: ReplicaSetStatus;
}

/** The status of a replica set. */
export interface ReplicaSetStatus {
  replicas: number;
  fullyLabeledReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  terminatingReplicas?: number;
  observedGeneration?: number;
  conditions?: Condition[];
}

/** A stateful set. */
export interface StatefulSet extends Typed<'StatefulSet'> {
  spec: {
    replicas?: number;
    serviceName?: string;
    selector: LabelSelector;
    template: PodTemplate;
    podManagementPolicy?: 'OrderedReady' | 'Parallel';
    volumeClaimTemplates?: { metadata: Metadata; spec: ClaimSpec }[];
  };
  status?: Record<string, unknown>;
}

/** A daemon set. */
export interface DaemonSet extends Typed<'DaemonSet'> {
  spec: { selector: LabelSelector; template: PodTemplate };
  status?: Record<string, unknown>;
}

/** A job. */
export interface Job extends Typed<'Job'> {
  spec: {
    parallelism?: number;
    completions?: number;
    backoffLimit?: number;
    suspend?: boolean;
    selector?: LabelSelector;
    template: PodTemplate;
  };
  status?: {
    active?: number;
    ready?: number;
    succeeded?: number;
    failed?: number;
    terminating?: number;
    startTime?: string;
    completionTime?: string;
    conditions?: Condition[];
  };
}

/** A service. */
export interface Service extends Typed<'Service'> {
  spec: {
    type?: string;
    clusterIP?: string;
    selector?: StringMap;
    ports?: { name?: string; port: number; targetPort?: number | string; protocol?: string }[];
  };
  status?: Record<string, unknown>;
}

/** The specification of a volume claim. */
interface ClaimSpec {
  accessModes?: string[];
  storageClassName?: string;
  volumeName?: string;
  volumeMode?: string;
  resources?: { requests?: StringMap };
}

/** A claim for a volume. */
export interface PersistentVolumeClaim extends Typed<'PersistentVolumeClaim'> {
  spec: ClaimSpec;
  status?: { phase?: string; accessModes?: string[]; capacity?: StringMap };
}

/** A volume. */
export interface PersistentVolume extends Typed<'PersistentVolume'> {
  spec: Record<string, unknown> & { claimRef?: { namespace: string; name: string; uid?: string } };
  status?: { phase?: string };
}

/** A class of volumes. */
export interface StorageClass extends Typed<'StorageClass'> {
  provisioner: string;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
}

/** A quota of a namespace. */
export interface ResourceQuota extends Typed<'ResourceQuota'> {
  spec: { hard?: StringMap };
  status?: { hard?: StringMap; used?: StringMap };
}

/** A ConfigMap or a Secret. */
interface KeyedData<Kind extends 'ConfigMap' | 'Secret'> extends Typed<Kind> {
  data?: StringMap;
}

/** A namespace. */
export interface Namespace extends Typed<'Namespace'> {
  status?: { phase?: string };
}

/** A service account. */
export type ServiceAccount = Typed<'ServiceAccount'>;

/** A heartbeat. */
export interface Lease extends Typed<'Lease'> {
  spec: { holderIdentity?: string; leaseDurationSeconds?: number; renewTime?: string };
}

/** The older list of a service's addresses. */
export interface Endpoints extends Typed<'Endpoints'> {
  subsets?: Record<string, unknown>[];
}

/** The list of a service's addresses. */
export interface EndpointSlice extends Typed<'EndpointSlice'> {
  addressType: string;
  endpoints: Record<string, unknown>[] | null;
  ports: Record<string, unknown>[] | null;
}

/** What an event or an owner reference points to. */
export interface ObjectReference {
  /** The kubelet leaves it out when it speaks of its own node. */
  apiVersion?: string;
  kind: string;
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  fieldPath?: string;
}

/** An event of the core API. */
export interface KubeEvent extends Typed<'Event'> {
  involvedObject: ObjectReference;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  source: { component?: string; host?: string };
  reportingComponent: string;
  reportingInstance: string;
  firstTimestamp: string | null;
  lastTimestamp: string | null;
  eventTime: string | null;
  count?: number;
  action?: string;
  series?: { count: number; lastObservedTime: string };
}

/** The kinds that the controllers handle, by name. */
export interface Kinds {
  Pod: Pod;
  Node: Node;
  Deployment: Deployment;
  ReplicaSet: ReplicaSet;
  StatefulSet: StatefulSet;
  DaemonSet: DaemonSet;
  Job: Job;
  Service: Service;
  PersistentVolumeClaim: PersistentVolumeClaim;
  PersistentVolume: PersistentVolume;
  StorageClass: StorageClass;
  ResourceQuota: ResourceQuota;
  ConfigMap: KeyedData<'ConfigMap'>;
  Secret: KeyedData<'Secret'>;
  Namespace: Namespace;
  ServiceAccount: ServiceAccount;
  Lease: Lease;
  Endpoints: Endpoints;
  EndpointSlice: EndpointSlice;
  Event: KubeEvent;
}

/** Any object of a kind that the controllers handle. */
export type AnyObject = Kinds[keyof Kinds];
