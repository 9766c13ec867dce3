/** What a fault of the library says of one object; the rest every object of its kind has. */
export type Brief = {
  kind: string;
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** Of a workload: the script of its first container, its files below `/app`, and the programs of this machine it may use. */
  run?: string;
  files?: Record<string, string>;
  tools?: 'machine' | 'kubernetes';
  container?: Fields;
  pod?: Fields;
  [field: string]: unknown;
};
type Fields = Record<string, unknown>;

/** Where a pod finds programs that its image does not have. */
export type Tools = Record<'machine' | 'kubernetes', Record<string, string>>;

const apiVersions: Record<string, string> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  Ingress: 'networking.k8s.io/v1',
  IngressClass: 'networking.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  PodDisruptionBudget: 'policy/v1',
  PriorityClass: 'scheduling.k8s.io/v1',
  StorageClass: 'storage.k8s.io/v1',
  CSINode: 'storage.k8s.io/v1',
  RuntimeClass: 'node.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  APIService: 'apiregistration.k8s.io/v1',
  ValidatingWebhookConfiguration: 'admissionregistration.k8s.io/v1',
  MutatingWebhookConfiguration: 'admissionregistration.k8s.io/v1',
  ValidatingAdmissionPolicy: 'admissionregistration.k8s.io/v1',
  ValidatingAdmissionPolicyBinding: 'admissionregistration.k8s.io/v1',
};
const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Pod']);

const inNoNamespace = new Set([
  ...['PersistentVolume', 'StorageClass', 'IngressClass', 'PriorityClass', 'RuntimeClass', 'CustomResourceDefinition'],
  'CSINode',
  ...['APIService', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  ...['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
]);

/** Whether an object stays when the namespace of its fault goes. */
export const isClusterWide = (kind: string): boolean => inNoNamespace.has(kind);

// The first process of a container gets no signal that it does not ask for.
const IDLE = 'trap "exit 0" TERM\necho listening\nsleep 2147483647 & wait\n';
const SERVE =
  'trap "exit 0" TERM\nmkdir -p /www\ntouch /www/ready\nhttpd -p 8080 -h /www\necho listening on port 8080\nsleep 2147483647 & wait\n';
const scripts: Record<string, string> = { IDLE, SERVE };

/** The objects that a brief stands for, as the API wants them. */
export function completeObject(brief: Brief, place: string, tools: Tools): Fields[] {
  if (!workloads.has(brief.kind)) return [plainObject(brief, place)];
  const { files, name } = brief;
  const code: Brief[] = files === undefined ? [] : [{ kind: 'ConfigMap', name: codeOf(name), data: files }];
  return [...code.map((one) => plainObject(one, place)), workload(brief, place, tools)];
}

const codeOf = (name: string): string => `${name}-code`;

function plainObject(
  { kind, name, namespace, labels, annotations, apiVersion, ...fields }: Brief,
  place: string,
): Fields {
  const where = isClusterWide(kind) ? {} : { namespace: namespace ?? place };
  const metadata = { name, ...where, labels: labels ?? {}, annotations: annotations ?? {} };
  return { kind, apiVersion: apiVersion ?? apiVersions[kind] ?? 'v1', metadata, ...fields };
}

function workload(brief: Brief, place: string, tools: Tools): Fields {
  const { run: _run, files: _files, tools: _tools, container: _container, pod: _pod, spec, ...rest } = brief;
  const labels = { app: brief.name };
  const plain = { ...rest, labels: { ...labels, ...rest.labels } };
  const podSpec = podOf(brief, place, tools);
  const own = (spec ?? {}) as Fields;
  if (brief.kind === 'Pod') return plainObject({ ...plain, spec: podSpec }, place);
  if (brief.kind === 'CronJob') {
    const { jobSpec, ...cron } = own as { jobSpec?: Fields };
    const template = { spec: { restartPolicy: 'Never', ...podSpec } };
    return plainObject({ ...plain, spec: { ...cron, jobTemplate: { spec: { ...jobSpec, template } } } }, place);
  }
  if (brief.kind === 'Job')
    return plainObject(
      { ...plain, spec: { ...own, template: { spec: { restartPolicy: 'Never', ...podSpec } } } },
      place,
    );
  const set = brief.kind === 'StatefulSet' ? { serviceName: brief.name } : {};
  const template = { metadata: { labels: plain.labels }, spec: podSpec };
  return plainObject({ ...plain, spec: { ...set, selector: { matchLabels: labels }, ...own, template } }, place);
}

function podOf(
  { name, run, files, tools: wanted, container = {}, pod = {} }: Brief,
  place: string,
  tools: Tools,
): Fields {
  const folders = wanted === undefined ? {} : tools[wanted];
  const mounts = Object.entries(folders).map(([mountPath, path], index) => ({
    volume: { name: `tools-${index}`, hostPath: { path } },
    mount: { name: `tools-${index}`, mountPath, readOnly: true },
  }));
  const code = {
    volume: { name: 'code', configMap: { name: codeOf(name) } },
    mount: { name: 'code', mountPath: '/app' },
  };
  const all = files === undefined ? mounts : [...mounts, code];
  const { volumes = [], containers = [], ...rest } = pod as { volumes?: object[]; containers?: Fields[] };
  const { volumeMounts = [], ...own } = container as { volumeMounts?: object[] };
  const first = {
    name,
    image: `registry.example.com/${place}/${name}:1.0.0`,
    command: ['sh', '-c', scripts[run ?? 'IDLE'] ?? run],
    ...own,
    volumeMounts: [...all.map(({ mount }) => mount), ...volumeMounts],
  };
  return {
    terminationGracePeriodSeconds: 1,
    ...rest,
    volumes: [...all.map(({ volume }) => volume), ...volumes],
    containers: [first, ...containers.map((one) => ({ image: first.image, command: ['sh', '-c', IDLE], ...one }))],
  };
}
