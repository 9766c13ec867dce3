/** How one kind is named, served and reached under the API. */
export type Kind = {
  kind: string;
  group: string;
  version: string;
  plural: string;
  singular: string;
  shortNames: string[];
  categories: string[];
  namespaced: boolean;
  verbs: string[];
  subresources: string[];
};

const everyVerb = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

type Row = [kind: string, plural: string, shortNames?: string[], subresources?: string[]];
type Scope = { group: string; version: string; namespaced: boolean };

const scaled = ['status', 'scale'];
const inAll = new Set([
  'Pod',
  'Service',
  'ReplicationController',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
]);

const kindsOf = (scope: Scope, rows: Row[]): Kind[] =>
  rows.map(([kind, plural, shortNames = [], subresources = []]) => ({
    ...scope,
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames,
    categories: inAll.has(kind) ? ['all'] : [],
    verbs: everyVerb,
    subresources,
  }));

const inNamespace = (group: string, version: string): Scope => ({ group, version, namespaced: true });
const clusterWide = (group: string, version: string): Scope => ({ group, version, namespaced: false });

/** Every kind the simulator serves, in the order discovery lists them. */
export const kinds: readonly Kind[] = [
  ...kindsOf(clusterWide('', 'v1'), [
    ['Namespace', 'namespaces', ['ns'], ['status', 'finalize']],
    ['Node', 'nodes', ['no'], ['status']],
    ['PersistentVolume', 'persistentvolumes', ['pv'], ['status']],
  ]),
  ...kindsOf(inNamespace('', 'v1'), [
    ['ConfigMap', 'configmaps', ['cm']],
    ['Endpoints', 'endpoints', ['ep']],
    ['Event', 'events', ['ev']],
    ['LimitRange', 'limitranges', ['limits']],
    ['PersistentVolumeClaim', 'persistentvolumeclaims', ['pvc'], ['status']],
    ['Pod', 'pods', ['po'], ['status', 'log', 'eviction', 'binding']],
    ['ReplicationController', 'replicationcontrollers', ['rc'], scaled],
    ['ResourceQuota', 'resourcequotas', ['quota'], ['status']],
    ['Secret', 'secrets'],
    ['Service', 'services', ['svc'], ['status']],
    ['ServiceAccount', 'serviceaccounts', ['sa']],
  ]),
  ...kindsOf(inNamespace('apps', 'v1'), [
    ['ControllerRevision', 'controllerrevisions'],
    ['DaemonSet', 'daemonsets', ['ds'], ['status']],
    ['Deployment', 'deployments', ['deploy'], scaled],
    ['ReplicaSet', 'replicasets', ['rs'], scaled],
    ['StatefulSet', 'statefulsets', ['sts'], scaled],
  ]),
  ...kindsOf(inNamespace('autoscaling', 'v2'), [
    ['HorizontalPodAutoscaler', 'horizontalpodautoscalers', ['hpa'], ['status']],
  ]),
  ...kindsOf(inNamespace('batch', 'v1'), [
    ['CronJob', 'cronjobs', ['cj'], ['status']],
    ['Job', 'jobs', [], ['status']],
  ]),
  ...kindsOf(inNamespace('coordination.k8s.io', 'v1'), [['Lease', 'leases']]),
  ...kindsOf(inNamespace('discovery.k8s.io', 'v1'), [['EndpointSlice', 'endpointslices']]),
  ...kindsOf(inNamespace('networking.k8s.io', 'v1'), [
    ['Ingress', 'ingresses', ['ing'], ['status']],
    ['NetworkPolicy', 'networkpolicies', ['netpol']],
  ]),
  ...kindsOf(inNamespace('policy', 'v1'), [['PodDisruptionBudget', 'poddisruptionbudgets', ['pdb'], ['status']]]),
  ...kindsOf(inNamespace('rbac.authorization.k8s.io', 'v1'), [
    ['Role', 'roles'],
    ['RoleBinding', 'rolebindings'],
  ]),
  ...kindsOf(clusterWide('rbac.authorization.k8s.io', 'v1'), [
    ['ClusterRole', 'clusterroles'],
    ['ClusterRoleBinding', 'clusterrolebindings'],
  ]),
  ...kindsOf(clusterWide('storage.k8s.io', 'v1'), [['StorageClass', 'storageclasses', ['sc']]]),
];

/** Events are served a second time, under their newer group; the store holds them once. */
const eventsView: Kind = {
  ...inNamespace('events.k8s.io', 'v1'),
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  verbs: everyVerb,
  subresources: [],
};

/** All that discovery lists: the kinds, and the second view of Events. */
export const servedResources: readonly Kind[] = [...kinds, eventsView];

const byKind = new Map(kinds.map((entry) => [entry.kind, entry]));

/** The table entry of a kind, by its name. */
export const kindNamed = (kind: string): Kind | undefined => byKind.get(kind);

/** `v1` or `apps/v1`, as written in an object. */
export const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group === '' ? version : `${group}/${version}`;

/** `pods` or `deployments.apps`, as Kubernetes names a resource in its messages. */
export const resourceName = ({ group, plural }: { group: string; plural: string }): string =>
  group === '' ? plural : `${plural}.${group}`;
