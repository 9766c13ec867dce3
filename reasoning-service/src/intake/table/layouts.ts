/** A table that `kubectl` printed: cells by the name of their column. */
export type Table = {
  columns: string[];
  rows: Record<string, string>[];
  /** What its rows are, where they tell it themselves, for they have no header. */
  kind?: string;
  /** Rows that somebody took out of a table are no whole listing. */
  isPart?: true;
};

/** What a table lists. `Usage` is what `kubectl top` prints. */
type Layout = { kind: string; has: string[]; only?: true };

/** Tables by their columns; the first that fits wins, so the richer ones stand first. */
const layouts: readonly Layout[] = [
  { kind: 'Usage', has: ['CPU(cores)', 'MEMORY(bytes)'] },
  { kind: 'Event', has: ['LAST SEEN', 'REASON', 'OBJECT'] },
  { kind: 'Pod', has: ['READY', 'STATUS', 'RESTARTS'] },
  { kind: 'Node', has: ['STATUS', 'ROLES', 'VERSION'] },
  { kind: 'DaemonSet', has: ['DESIRED', 'CURRENT', 'READY', 'UP-TO-DATE', 'AVAILABLE'] },
  { kind: 'Deployment', has: ['READY', 'UP-TO-DATE', 'AVAILABLE'] },
  { kind: 'ReplicaSet', has: ['DESIRED', 'CURRENT', 'READY'] },
  { kind: 'Job', has: ['COMPLETIONS', 'DURATION'] },
  { kind: 'CronJob', has: ['SCHEDULE', 'SUSPEND', 'LAST SCHEDULE'] },
  { kind: 'Service', has: ['TYPE', 'CLUSTER-IP', 'PORT(S)'] },
  { kind: 'EndpointSlice', has: ['ADDRESSTYPE', 'ENDPOINTS'] },
  { kind: 'Endpoints', has: ['ENDPOINTS'] },
  { kind: 'PersistentVolumeClaim', has: ['STATUS', 'VOLUME', 'ACCESS MODES'] },
  { kind: 'PersistentVolume', has: ['CAPACITY', 'RECLAIM POLICY', 'CLAIM'] },
  { kind: 'StorageClass', has: ['PROVISIONER'] },
  { kind: 'Ingress', has: ['CLASS', 'HOSTS'] },
  { kind: 'IngressClass', has: ['CONTROLLER', 'PARAMETERS'] },
  { kind: 'HorizontalPodAutoscaler', has: ['REFERENCE', 'TARGETS', 'MINPODS'] },
  { kind: 'ResourceQuota', has: ['REQUEST', 'LIMIT'] },
  { kind: 'PodDisruptionBudget', has: ['MIN AVAILABLE', 'ALLOWED DISRUPTIONS'] },
  { kind: 'NetworkPolicy', has: ['POD-SELECTOR'] },
  { kind: 'Application', has: ['SYNC STATUS', 'HEALTH STATUS'] },
  { kind: 'VolumeAttachment', has: ['ATTACHER', 'PV', 'NODE'] },
  { kind: 'APIService', has: ['SERVICE', 'AVAILABLE'] },
  { kind: 'ComponentStatus', has: ['STATUS', 'MESSAGE', 'ERROR'] },
  { kind: 'RoleBinding', has: ['ROLE'] },
  { kind: 'Certificate', has: ['READY', 'SECRET'] },
  { kind: 'Secret', has: ['TYPE', 'DATA'] },
  { kind: 'ConfigMap', has: ['DATA'] },
  { kind: 'ServiceAccount', has: ['SECRETS'] },
  { kind: 'StatefulSet', has: ['NAME', 'READY', 'AGE'], only: true },
  { kind: 'Namespace', has: ['NAME', 'STATUS', 'AGE'], only: true },
];

const shown = new Set(['NAMESPACE', 'LABELS', 'CONTAINERS', 'IMAGES', 'SELECTOR']);

/** The kind that a table with these columns lists, or undefined. */
export function kindOfColumns(columns: readonly string[]): string | undefined {
  const present = new Set(columns);
  const own = columns.filter((column) => !shown.has(column)).length;
  return layouts.find(({ has, only }) => has.every((column) => present.has(column)) && (!only || own === has.length))
    ?.kind;
}

/** Columns of two words, which a header with single blanks would take apart. */
const pairs = new Set([
  ...layouts.flatMap(({ has }) => has).filter((column) => column.includes(' ')),
  'FIRST SEEN',
  'NOMINATED NODE',
  'READINESS GATES',
  'NODE SELECTOR',
  'MAX UNAVAILABLE',
]);

/** The columns in a header that has but one blank between them. */
export function columnsIn(header: string): string[] {
  const found: string[] = [];
  for (const word of header.split(' ').filter((one) => one !== '')) {
    const pair = `${found.at(-1)} ${word}`;
    if (pairs.has(pair)) found.splice(-1, 1, pair);
    else found.push(word);
  }
  return found;
}
