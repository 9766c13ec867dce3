/** A right as Kubernetes writes it: what may be done to which kind, cluster-wide or in one namespace. */
export type Right = { group: string; resource: string; verb: string; namespace: string };

/** What a table of verbs shows of one kind. */
export type Row = { resource: string; group: string; allowed: readonly string[] };

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'] as const;

const seen: readonly [group: string, ...resources: string[]][] = [
  ['', 'endpoints', 'events', 'limitranges', 'persistentvolumeclaims', 'pods', 'replicationcontrollers'],
  ['', 'resourcequotas', 'serviceaccounts', 'services'],
  ['apps', 'controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  ['autoscaling', 'horizontalpodautoscalers'],
  ['batch', 'cronjobs', 'jobs'],
  ['discovery.k8s.io', 'endpointslices'],
  ['networking.k8s.io', 'ingresses', 'networkpolicies'],
  ['policy', 'poddisruptionbudgets'],
];
const ofTheCluster: typeof seen = [
  ['', 'namespaces', 'nodes', 'persistentvolumes'],
  ['storage.k8s.io', 'storageclasses'],
];
/** What the agent must never reach, whatever it is allowed. */
const never: typeof seen = [
  ['', 'configmaps', 'secrets', 'serviceaccounts/token', 'pods/exec', 'nodes/proxy'],
  ['admissionregistration.k8s.io', 'validatingwebhookconfigurations'],
  ['rbac.authorization.k8s.io', 'clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'],
];

const flat = (table: typeof seen) =>
  table.flatMap(([group, ...names]) => names.map((resource) => ({ group, resource })));
const reads = ['get', 'list', 'watch'];
/** What the write role gives for each of its kinds. */
const changes: Record<string, Record<string, string[]>> = {
  workloads: { daemonsets: ['patch'], deployments: ['patch'], replicasets: ['patch'], statefulsets: ['patch'] },
  pods: { pods: ['delete'] },
  nodes: { nodes: ['patch'] },
  evictions: { 'pods/eviction': ['create'] },
  claims: { persistentvolumeclaims: ['patch'] },
  quotas: { resourcequotas: ['patch'] },
  autoscalers: { horizontalpodautoscalers: ['patch'] },
  budgets: { poddisruptionbudgets: ['patch'] },
  cronjobs: { cronjobs: ['patch'] },
  services: { services: ['patch'] },
  ingresses: { ingresses: ['patch'] },
};
/** Every kind that the write role can be given. */
export const changeKinds: readonly string[] = Object.keys(changes);
const usualKinds = ['workloads', 'pods', 'nodes'];

/** How an agent was installed, as far as its rights go. */
type Installed = { writes: boolean; namespaced: boolean; kinds?: readonly string[] };

/** What an agent may do that was installed in this way. */
export function expectedRows({ writes, namespaced, kinds = usualKinds }: Installed): Row[] {
  const given: Record<string, string[]> = Object.assign({}, ...kinds.map((kind) => changes[kind]));
  const changed = (resource: string) => (writes ? (given[resource] ?? []) : []);
  const row = (allowed: boolean) => (kind: { group: string; resource: string }) => ({
    ...kind,
    allowed: allowed ? [...reads, ...changed(kind.resource)] : [],
  });
  return [
    ...flat(seen).map(row(true)),
    { group: '', resource: 'pods/log', allowed: ['get'] },
    { group: '', resource: 'pods/eviction', allowed: changed('pods/eviction') },
    { group: 'metrics.k8s.io', resource: 'pods', allowed: ['get', 'list'] },
    { group: 'cert-manager.io', resource: 'certificates', allowed: ['get', 'list'] },
    { group: 'metrics.k8s.io', resource: 'nodes', allowed: namespaced ? [] : ['get', 'list'] },
    ...flat(ofTheCluster).map(row(!namespaced)),
    ...flat(never).map(row(false)),
  ];
}

/** Every question that has to be asked to fill a table. */
export const questions = (rows: readonly Row[], namespace: string): Right[] =>
  rows.flatMap(({ group, resource }) => verbs.map((verb) => ({ group, resource, verb, namespace })));

/** The rows that were found, from the answers to `questions`. */
export const foundRows = (rows: readonly Row[], allowed: ReadonlySet<string>): Row[] =>
  rows.map(({ group, resource }) => ({
    group,
    resource,
    allowed: verbs.filter((verb) => allowed.has(keyOf({ group, resource, verb }))),
  }));

export const keyOf = ({ group, resource, verb }: Omit<Right, 'namespace'>): string => `${verb} ${group}/${resource}`;

const shown = ({ group, resource }: Row): string => (group === '' ? resource : `${resource}.${group}`);

/** The table for a person: one line a kind, a mark for each verb that is allowed. */
export function tableOf(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map((row) => shown(row).length)) + 2;
  const line = (name: string, cells: readonly string[]) =>
    `${name.padEnd(width)}${cells.map((cell, at) => cell.padEnd((verbs[at] ?? '').length + 2)).join('')}`.trimEnd();
  const marks = ({ allowed }: Row) => verbs.map((verb) => (allowed.includes(verb) ? 'yes' : '-'));
  return [line('', verbs), ...rows.map((row) => line(shown(row), marks(row)))];
}

/** Where what is allowed is not what it should be. */
export const wrongRows = (expected: readonly Row[], found: readonly Row[]): string[] =>
  expected.flatMap((row, at) => {
    const { allowed } = row;
    const really = found[at]?.allowed ?? [];
    const surplus = really.filter((verb) => !allowed.includes(verb));
    const missing = allowed.filter((verb) => !really.includes(verb));
    return [
      ...surplus.map((verb) => `${verb} ${shown(row)} is allowed`),
      ...missing.map((verb) => `${verb} ${shown(row)} is refused`),
    ];
  });
