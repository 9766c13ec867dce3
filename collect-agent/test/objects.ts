import type { Json, JsonObject } from '@aetherius/shared/contracts';
import type { HeldKind, HeldObject, KubeEvent, ObjectOf } from '../src/kube/objects.ts';
import { createClusterState, type Facts } from '../src/watch/cluster-state.ts';
import { trimEvent, trimObject } from '../src/watch/trim.ts';

/** The moment at which the tests look. */
export const NOW = Date.parse('2026-01-02T03:10:00Z');
/** A Kubernetes time so many seconds before that moment. */
export const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString().replace('.000Z', 'Z');

/** A view that holds these objects. */
export function factsOf(...objects: HeldObject[]): Facts {
  const view = createClusterState();
  for (const object of objects) view.put(object);
  return view;
}

function held<Kind extends HeldKind>(kind: Kind, apiVersion: string, raw: Json): ObjectOf<Kind> {
  const object = trimObject(kind, apiVersion, raw);
  if (object === undefined) throw new Error(`no ${kind}: ${JSON.stringify(raw)}`);
  return object as ObjectOf<Kind>;
}

export const ownedBy = (kind: string, name: string): JsonObject => ({
  ownerReferences: [
    { apiVersion: 'apps/v1', kind, name, uid: `u-${name}`, controller: true, blockOwnerDeletion: true },
  ],
});

type Parts = { metadata?: JsonObject; spec?: JsonObject; status?: JsonObject };

const raw = (name: string, { metadata = {}, spec = {}, status = {} }: Parts): JsonObject => ({
  metadata: { name, namespace: 'shop', uid: `u-${name}`, creationTimestamp: ago(300), ...metadata },
  spec,
  status,
});

const template = { metadata: { labels: { app: 'cart' } }, spec: { containers: [{ name: 'app', image: 'cart:2' }] } };

/** A Deployment of one, available for four minutes. */
export const aDeployment = ({ metadata, spec, status }: Parts = {}) =>
  held(
    'Deployment',
    'apps/v1',
    raw('cart', {
      metadata: { generation: 1, ...metadata },
      spec: { replicas: 1, selector: { matchLabels: { app: 'cart' } }, template, ...spec },
      status: {
        observedGeneration: 1,
        replicas: 1,
        updatedReplicas: 1,
        readyReplicas: 1,
        availableReplicas: 1,
        conditions: [
          { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', lastTransitionTime: ago(240) },
          {
            type: 'Progressing',
            status: 'True',
            reason: 'NewReplicaSetAvailable',
            lastTransitionTime: ago(300),
            lastUpdateTime: ago(240),
          },
        ],
        ...status,
      },
    }),
  );

/** Its ReplicaSet. */
export const aReplicaSet = ({ metadata, spec, status }: Parts = {}) =>
  held(
    'ReplicaSet',
    'apps/v1',
    raw('cart-5d9c', {
      metadata: {
        ...ownedBy('Deployment', 'cart'),
        annotations: { 'deployment.kubernetes.io/revision': '1' },
        ...metadata,
      },
      spec: { replicas: 1, template, ...spec },
      status: { replicas: 1, readyReplicas: 1, availableReplicas: 1, ...status },
    }),
  );

/** The one container of the pod below, as the kubelet reports it. */
export const container = (fields: JsonObject = {}): JsonObject => ({
  name: 'app',
  ready: true,
  restartCount: 0,
  state: { running: { startedAt: ago(250) } },
  lastState: {},
  ...fields,
});

/** Its pod, ready for four minutes; `containers` replaces the container's report. */
export const aPod = ({
  metadata,
  spec,
  status,
  containers = [container()],
}: Parts & { containers?: JsonObject[] } = {}) =>
  held(
    'Pod',
    'v1',
    raw('cart-5d9c-x7k2p', {
      metadata: {
        labels: { app: 'cart', 'pod-template-hash': '5d9c' },
        ...ownedBy('ReplicaSet', 'cart-5d9c'),
        ...metadata,
      },
      spec: { nodeName: 'worker-1', containers: [{ name: 'app', image: 'cart:2' }], ...spec },
      status: {
        phase: 'Running',
        conditions: [
          { type: 'PodScheduled', status: 'True', lastTransitionTime: ago(290) },
          { type: 'Ready', status: 'True', lastTransitionTime: ago(240) },
        ],
        containerStatuses: containers,
        ...status,
      },
    }),
  );

/** Conditions of a pod that is on its node and not ready. */
export const notReady = (seconds: number): JsonObject => ({
  conditions: [
    { type: 'PodScheduled', status: 'True', lastTransitionTime: ago(290) },
    { type: 'Ready', status: 'False', reason: 'ContainersNotReady', lastTransitionTime: ago(seconds) },
  ],
});

/** A node with the given conditions changed. */
export function aNode(changed: Record<string, JsonObject> = {}, metadata: JsonObject = {}) {
  const calm: [string, JsonObject][] = [
    ['MemoryPressure', { status: 'False', reason: 'KubeletHasSufficientMemory' }],
    ['DiskPressure', { status: 'False', reason: 'KubeletHasNoDiskPressure' }],
    ['PIDPressure', { status: 'False', reason: 'KubeletHasSufficientPID' }],
    ['Ready', { status: 'True', reason: 'KubeletReady' }],
  ];
  const conditions = calm.map(([type, fields]) => ({
    type,
    lastTransitionTime: ago(3000),
    ...fields,
    ...changed[type],
  }));
  return held('Node', 'v1', {
    metadata: { name: 'worker-1', uid: 'u-worker-1', creationTimestamp: ago(9000), ...metadata },
    spec: {},
    status: { conditions, images: [{ names: ['x'], sizeBytes: 1 }] },
  });
}

export const aService = ({ metadata, spec }: Parts = {}) =>
  held(
    'Service',
    'v1',
    raw('cart', { metadata: { uid: 'u-service', ...metadata }, spec: { selector: { app: 'cart' }, ...spec } }),
  );

/** The addresses of that Service; `ready` of them serve. */
export const aSlice = (ready: number, generation = 1) =>
  held('EndpointSlice', 'discovery.k8s.io/v1', {
    metadata: {
      name: 'cart-abc',
      namespace: 'shop',
      uid: 'u-slice',
      generation,
      labels: { 'kubernetes.io/service-name': 'cart' },
      annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': ago(30) },
    },
    endpoints: Array.from({ length: ready }, () => ({ addresses: ['10.0.0.1'], conditions: { ready: true } })),
  });

export const aClaim = ({ metadata, spec, status }: Parts = {}) =>
  held(
    'PersistentVolumeClaim',
    'v1',
    raw('data', {
      metadata: metadata ?? {},
      spec: { storageClassName: 'fast', ...spec },
      status: { phase: 'Pending', ...status },
    }),
  );

export const aJob = ({ metadata, spec, status }: Parts = {}) =>
  held(
    'Job',
    'batch/v1',
    raw('nightly', { metadata: metadata ?? {}, spec: { completions: 1, ...spec }, status: status ?? {} }),
  );

/** An Event about the pod above as a kubelet writes it. */
export function anEventOf(
  fields: JsonObject & { reason: string; message: string },
  involved: JsonObject = {},
): KubeEvent {
  const event = trimEvent({
    metadata: { name: 'cart.17', namespace: 'shop', uid: 'e-1', creationTimestamp: ago(20) },
    involvedObject: {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: 'shop',
      name: 'cart-5d9c-x7k2p',
      uid: 'u-cart-5d9c-x7k2p',
      ...involved,
    },
    type: 'Warning',
    source: { component: 'kubelet', host: 'worker-1' },
    reportingComponent: 'kubelet',
    firstTimestamp: ago(20),
    lastTimestamp: ago(5),
    eventTime: null,
    count: 1,
    ...fields,
  });
  if (event === undefined) throw new Error('no Event');
  return event;
}
