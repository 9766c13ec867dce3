import { asArray, asObject, asString, at, isJsonObject, type Json, type JsonObject } from '../store/json.ts';
import type { NewObject } from '../store/kube-object.ts';

type Defaulting = (spec: JsonObject) => JsonObject;

const podSpec: Defaulting = (spec) => ({
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
  ...spec,
  containers: asArray(spec['containers']).map(container),
  ...(spec['initContainers'] === undefined ? {} : { initContainers: asArray(spec['initContainers']).map(container) }),
  ...(spec['volumes'] === undefined ? {} : { volumes: asArray(spec['volumes']).map(volume) }),
});

const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'];

function container(value: Json): Json {
  if (!isJsonObject(value)) return value;
  const image = asString(value['image']);
  const probed = probes.flatMap((name) => (isJsonObject(value[name]) ? [[name, probe(asObject(value[name]))]] : []));
  return {
    imagePullPolicy: isFloating(image) ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...value,
    resources: resources(asObject(value['resources'])),
    ...(value['ports'] === undefined
      ? {}
      : { ports: asArray(value['ports']).map((port) => ({ protocol: 'TCP', ...asObject(port) })) }),
    ...Object.fromEntries(probed),
  };
}

const isFloating = (image: string): boolean => {
  const tag = /:([^/:@]+)$/.exec(image)?.[1];
  return !image.includes('@') && (tag === undefined || tag === 'latest');
};

/** A limit without a request is also the request. */
const resources = (given: JsonObject): JsonObject =>
  given['limits'] === undefined
    ? given
    : { ...given, requests: { ...asObject(given['limits']), ...asObject(given['requests']) } };

function probe(given: JsonObject): JsonObject {
  const http = given['httpGet'];
  return {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
    ...given,
    ...(isJsonObject(http) ? { httpGet: { path: '/', scheme: 'HTTP', ...http } } : {}),
  };
}

/** Volumes filled from an object have a file mode. */
function volume(value: Json): Json {
  const filled = ['configMap', 'secret', 'projected'].find((source) => isJsonObject(at(value, source)));
  return filled === undefined
    ? value
    : { ...asObject(value), [filled]: { defaultMode: 420, ...asObject(at(value, filled)) } };
}

const template: Defaulting = (spec) => {
  const given = asObject(spec['template']);
  return {
    ...spec,
    template: { ...given, metadata: asObject(given['metadata']), spec: podSpec(asObject(given['spec'])) },
  };
};

const deployment: Defaulting = (spec) => {
  const given = asObject(spec['strategy']);
  const rolling = { maxUnavailable: '25%', maxSurge: '25%', ...asObject(given['rollingUpdate']) };
  const strategy = given['type'] === 'Recreate' ? given : { type: 'RollingUpdate', rollingUpdate: rolling };
  return template({ replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, ...spec, strategy });
};

const statefulSet: Defaulting = (spec) =>
  template({
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    ...spec,
  });

const daemonSet: Defaulting = (spec) =>
  template({
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    ...spec,
  });

const job: Defaulting = (spec) =>
  template({
    parallelism: 1,
    ...(spec['parallelism'] === undefined ? { completions: 1 } : {}),
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
    ...spec,
  });

const cronJob: Defaulting = (spec) => {
  const given = asObject(spec['jobTemplate']);
  return {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    ...spec,
    jobTemplate: { ...given, spec: template(asObject(given['spec'])) },
  };
};

const service: Defaulting = (spec) => ({
  type: 'ClusterIP',
  sessionAffinity: 'None',
  ...(spec['type'] === 'ExternalName'
    ? {}
    : { internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }),
  ...spec,
  ports: asArray(spec['ports']).map((port) => ({
    protocol: 'TCP',
    targetPort: asObject(port)['port'] ?? 0,
    ...asObject(port),
  })),
});

const specDefaults: { [kind: string]: Defaulting } = {
  Pod: podSpec,
  Deployment: deployment,
  ReplicaSet: (spec) => template({ replicas: 1, ...spec }),
  ReplicationController: (spec) => template({ replicas: 1, ...spec }),
  StatefulSet: statefulSet,
  DaemonSet: daemonSet,
  Job: job,
  CronJob: cronJob,
  Service: service,
  Namespace: (spec) => ({ finalizers: ['kubernetes'], ...spec }),
  PersistentVolumeClaim: (spec) => ({ volumeMode: 'Filesystem', ...spec }),
  PersistentVolume: (spec) => ({ persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem', ...spec }),
  HorizontalPodAutoscaler: (spec) => ({ minReplicas: 1, ...spec }),
};

const firstStatus: { [kind: string]: JsonObject } = {
  Pod: { phase: 'Pending' },
  Namespace: { phase: 'Active' },
  PersistentVolumeClaim: { phase: 'Pending' },
  PersistentVolume: { phase: 'Pending' },
  Service: { loadBalancer: {} },
  ...Object.fromEntries(['Deployment', 'StatefulSet', 'Job', 'CronJob', 'ResourceQuota'].map((kind) => [kind, {}])),
  ...Object.fromEntries(['ReplicaSet', 'ReplicationController'].map((kind) => [kind, { replicas: 0 }])),
  DaemonSet: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
};

/** The object with the values Kubernetes fills in when they are left out. */
export function withDefaults<T extends NewObject>(object: T): T {
  const fill = specDefaults[object.kind];
  const filled = fill === undefined ? object : { ...object, spec: fill(asObject(object.spec)) };
  if (object.kind === 'Secret') return plainSecret(filled);
  if (object.kind === 'StorageClass') return { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate', ...filled };
  return filled;
}

/** What stringData holds goes into data, and is never given out again. */
function plainSecret<T extends NewObject>(secret: T): T {
  const { stringData, ...rest } = secret;
  const encoded = Object.entries(asObject(stringData)).map(([key, value]) => [
    key,
    Buffer.from(asString(value)).toString('base64'),
  ]);
  const data = { ...asObject(secret['data']), ...Object.fromEntries(encoded) };
  return { type: 'Opaque', ...rest, data } as unknown as T;
}

/** The status of an object that nobody has looked after yet. */
export function initialStatus(object: NewObject): JsonObject | undefined {
  const status = firstStatus[object.kind];
  return object.kind === 'Pod' ? { ...status, qosClass: qosClass(asObject(object.spec)) } : status;
}

/** The quality-of-service class that a pod's requests and limits give it. */
function qosClass(spec: JsonObject): string {
  const all = asArray(spec['containers']).map((item) => asObject(at(item, 'resources')));
  const sides = all.map(({ requests, limits }) => ({ requests: asObject(requests), limits: asObject(limits) }));
  const names = ['cpu', 'memory'];
  if (sides.every(({ requests, limits }) => names.every((name) => (requests[name] ?? limits[name]) === undefined))) {
    return 'BestEffort';
  }
  const firm = sides.every(({ requests, limits }) =>
    names.every((name) => limits[name] !== undefined && requests[name] === limits[name]),
  );
  return firm ? 'Guaranteed' : 'Burstable';
}
