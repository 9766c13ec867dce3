import type { KubeObject, NewObject } from '@aetherius/simulator';

export const PODS_PER_DEPLOYMENT = 10;
const PODS_PER_NODE = 50;
const NAMESPACES = 20;

/** Long ago, so that what is well counts as well for good. */
const BEGAN = '2026-01-01T00:00:00Z';
const container = 'app';

const deploymentOf = (pod: number): number => Math.floor(pod / PODS_PER_DEPLOYMENT);
const namespaceOf = (pod: number): string => `team-${deploymentOf(pod) % NAMESPACES}`;
const podName = (pod: number, generation = 0): string =>
  `app-${deploymentOf(pod)}-7c9f8d6b5-${pod.toString(36).padStart(4, '0')}${generation}`;

/** What every real object carries and an agent has no use for. */
const managedFields = (parts: number) =>
  Array.from({ length: parts }, (_, at) => ({
    manager: at === 0 ? 'kube-controller-manager' : 'kubelet',
    operation: 'Update',
    apiVersion: 'v1',
    time: BEGAN,
    fieldsType: 'FieldsV1',
    fieldsV1: {
      'f:metadata': { 'f:labels': { '.': {}, 'f:app': {}, 'f:pod-template-hash': {}, 'f:version': {} } },
      'f:spec': { 'f:containers': { [`k:{"name":"${container}"}`]: { '.': {}, 'f:image': {}, 'f:resources': {} } } },
      'f:status': { 'f:conditions': { 'k:{"type":"Ready"}': { '.': {}, 'f:status': {}, 'f:lastTransitionTime': {} } } },
    },
  }));

const metadata = (name: string, namespace?: string) => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  managedFields: managedFields(2),
});

/** The object that another one belongs to, as the store has it. */
type Owner = Pick<KubeObject, 'kind' | 'metadata'>;

const controlledBy = ({ kind, metadata: { name, uid } }: Owner) => [
  { apiVersion: 'apps/v1', kind, name, uid, controller: true, blockOwnerDeletion: true },
];

/** A node that is well. */
export const aNode = (at: number): NewObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: metadata(`node-${at}`),
  spec: {},
  status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: BEGAN }] },
});

const counts = {
  replicas: PODS_PER_DEPLOYMENT,
  readyReplicas: PODS_PER_DEPLOYMENT,
  availableReplicas: PODS_PER_DEPLOYMENT,
  observedGeneration: 1,
};
const scaled = (app: string) => ({
  replicas: PODS_PER_DEPLOYMENT,
  selector: { matchLabels: { app } },
  template: templateOf(app),
});

/** A workload that has all the pods it wants. */
export const aDeployment = (at: number): NewObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: metadata(`app-${at}`, namespaceOf(at * PODS_PER_DEPLOYMENT)),
  spec: scaled(`app-${at}`),
  status: {
    ...counts,
    updatedReplicas: PODS_PER_DEPLOYMENT,
    conditions: [{ type: 'Available', status: 'True', lastTransitionTime: BEGAN, lastUpdateTime: BEGAN }],
  },
});

/** The one ReplicaSet of a Deployment. */
export const aReplicaSet = (deployment: Owner): NewObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    ...metadata(`${deployment.metadata.name}-7c9f8d6b5`, deployment.metadata.namespace),
    ownerReferences: controlledBy(deployment),
  },
  spec: scaled(deployment.metadata.name),
  status: counts,
});

const templateOf = (app: string) => ({ metadata: { labels: { app, version: 'v1' } }, spec: podSpec() });

const podSpec = () => ({
  containers: [
    {
      name: container,
      image: 'registry.example.com/shop/app:1.27.3',
      ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
      env: Array.from({ length: 8 }, (_, at) => ({ name: `SETTING_${at}`, value: `value-of-setting-${at}` })),
      resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
      readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5, failureThreshold: 3 },
      livenessProbe: { httpGet: { path: '/live', port: 8080 }, periodSeconds: 10, failureThreshold: 3 },
      volumeMounts: [{ name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true }],
    },
  ],
  restartPolicy: 'Always',
  serviceAccountName: 'default',
  volumes: [
    { name: 'token', projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }] } },
  ],
});

/** A pod as a kubelet leaves it: running and ready. */
export function aPod(pod: number, owner: Owner, generation = 0): NewObject {
  const deployment = deploymentOf(pod);
  const name = podName(pod, generation);
  const condition = (type: string) => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: BEGAN });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata(name, namespaceOf(pod)),
      labels: { app: `app-${deployment}`, 'pod-template-hash': '7c9f8d6b5', version: 'v1' },
      ownerReferences: controlledBy(owner),
    },
    spec: { ...podSpec(), nodeName: `node-${Math.floor(pod / PODS_PER_NODE)}` },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      startTime: BEGAN,
      conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(condition),
      containerStatuses: [
        {
          name: container,
          ready: true,
          restartCount: 0,
          image: 'registry.example.com/shop/app:1.27.3',
          state: { running: { startedAt: BEGAN } },
          lastState: {},
        },
      ],
    },
  };
}

export const nodesFor = (pods: number): number => Math.ceil(pods / PODS_PER_NODE);
export const workloadsFor = (pods: number): number => Math.ceil(pods / PODS_PER_DEPLOYMENT);
export const namespaces: readonly string[] = Array.from({ length: NAMESPACES }, (_, at) => `team-${at}`);

/** An Event of a kubelet about a pod; its number stands in the message, where it can be found again. */
export function aKubeletEvent({
  pod,
  number,
  reason,
  at,
}: {
  pod: KubeObject;
  number: number;
  reason: string;
  at: Date;
}): NewObject {
  const { name, namespace = '', uid } = pod.metadata;
  const time = at.toISOString().replace(/\.\d+Z$/, 'Z');
  const isNormal = reason === 'Pulled';
  const words = isNormal
    ? 'Container image is already present on machine'
    : 'Readiness probe failed: HTTP probe failed with statuscode: 503';
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${name}.${isNormal ? 'a' : 'b'}${number.toString(16).padStart(15, '0')}`,
      namespace,
      managedFields: managedFields(1),
    },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace, uid, fieldPath: `spec.containers{${container}}` },
    reason,
    message: `${words} [${number}]`,
    source: { component: 'kubelet', host: 'node-1' },
    type: isNormal ? 'Normal' : 'Warning',
    count: 3,
    firstTimestamp: time,
    lastTimestamp: time,
  };
}
