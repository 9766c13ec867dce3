import type { JsonObject } from '@aetherius/shared/contracts';
import { own } from '../../diagnosis/json-path.ts';
import { ageSeconds, before } from '../moment.ts';
import { currentMetrics, figuresOfCell, statedMetrics } from '../scaler-metrics.ts';
import { customRow } from './custom-row.ts';
import { podRow } from './pod-row.ts';
import { count, known, labelsOf, pairs, share, text, truth } from './row-cells.ts';

type Row = Record<string, string>;
type Build = (row: Row, at: string) => JsonObject;

/** A row shows names and images of containers, but a container without its resources would look like one that states none. */
const scaled = (row: Row): JsonObject => {
  const ready = share(row['READY']);
  const selector = pairs(text(row, 'SELECTOR'));
  return {
    spec: known({
      replicas: ready?.whole ?? count(row, 'DESIRED'),
      selector: selector === undefined ? undefined : { matchLabels: selector },
      template: selector === undefined ? undefined : { metadata: { labels: selector }, spec: {} },
    }),
    status: known({
      replicas: ready?.whole ?? count(row, 'CURRENT'),
      readyReplicas: ready?.part ?? count(row, 'READY'),
      updatedReplicas: count(row, 'UP-TO-DATE'),
      availableReplicas: count(row, 'AVAILABLE'),
    }),
  };
};

const daemonSet: Build = (row) => ({
  spec: {},
  status: known({
    desiredNumberScheduled: count(row, 'DESIRED'),
    currentNumberScheduled: count(row, 'CURRENT'),
    numberReady: count(row, 'READY'),
    updatedNumberScheduled: count(row, 'UP-TO-DATE'),
    numberAvailable: count(row, 'AVAILABLE'),
  }),
});

const node: Build = (row) => {
  const words = text(row, 'STATUS')?.split(',') ?? [];
  const ready = words.includes('Ready') ? 'True' : words.includes('Unknown') ? 'Unknown' : 'False';
  return {
    spec: words.includes('SchedulingDisabled') ? { unschedulable: true } : {},
    status: {
      ...(words.length === 0 ? {} : { conditions: [{ type: 'Ready', status: ready }] }),
      nodeInfo: known({ kubeletVersion: text(row, 'VERSION') }),
    },
  };
};

const job: Build = (row) => {
  const done = share(row['COMPLETIONS']);
  const isFailed = row['STATUS'] === 'Failed';
  return {
    spec: known({ completions: done?.whole }),
    status: {
      ...known({ succeeded: done?.part }),
      ...(isFailed ? { conditions: [{ type: 'Failed', status: 'True' }] } : {}),
      ...(row['STATUS'] === 'Complete' ? { conditions: [{ type: 'Complete', status: 'True' }] } : {}),
    },
  };
};

const service: Build = (row) => {
  const external = text(row, 'EXTERNAL-IP');
  return {
    spec: known({
      type: text(row, 'TYPE'),
      clusterIP: text(row, 'CLUSTER-IP'),
      selector: pairs(text(row, 'SELECTOR')),
      ports: (text(row, 'PORT(S)') ?? '').split(',').flatMap(portOf),
    }),
    status: balancerOf(row['EXTERNAL-IP'], external),
  };
};

/** What a balancer answers on; a table without the column tells nothing of it. */
function balancerOf(cell: string | undefined, external: string | undefined): JsonObject {
  if (cell === undefined || cell === '') return {};
  if (external === undefined || external === '<pending>') return { loadBalancer: {} };
  const ingress = external.split(',').map((one) => (/^[\d.]+$|:/.test(one) ? { ip: one } : { hostname: one }));
  return { loadBalancer: { ingress } };
}

function portOf(cell: string): JsonObject[] {
  const [, port, nodePort, protocol] = /^(\d+)(?::(\d+))?\/(\w+)$/.exec(cell.trim()) ?? [];
  return port === undefined || protocol === undefined
    ? []
    : [known({ port: Number(port), nodePort: nodePort === undefined ? undefined : Number(nodePort), protocol })];
}

/** That there is none is said in so many words, for an empty list cannot be quoted. */
const nobody: JsonObject = { status: { ready: 0 } };
const hasNone = (row: Row): boolean => /^<(?:none|unset)>$/.test(row['ENDPOINTS'] ?? '');

const endpoints: Build = (row) => {
  if (row['ENDPOINTS'] === undefined) return {};
  return hasNone(row) ? { subsets: [], ...nobody } : { subsets: addresses(row['ENDPOINTS']) };
};

/** Which addresses of a slice are ready its row does not show; whose it is tells its name before what the API server added. */
const slice: Build = (row) => {
  if (!hasNone(row)) return {};
  const [, service] = /^(?:[a-z]+(?:\.[a-z0-9.]+)?\/)?([a-z0-9-]{1,63})-[a-z0-9]{5}$/.exec(row['NAME'] ?? '') ?? [];
  return service === undefined
    ? nobody
    : { ...nobody, metadata: { labels: { 'kubernetes.io/service-name': service } } };
};

function addresses(cell: string): JsonObject[] {
  return cell.split(',').flatMap((one) => {
    const at = one.lastIndexOf(':');
    return at < 0 || one.includes('more')
      ? []
      : [{ addresses: [{ ip: one.slice(0, at).trim() }], ports: [{ port: Number.parseInt(one.slice(at + 1), 10) }] }];
  });
}

const claim: Build = (row) => ({
  spec: known({
    storageClassName: text(row, 'STORAGECLASS'),
    volumeName: text(row, 'VOLUME'),
    accessModes: text(row, 'ACCESS MODES')?.split(','),
  }),
  status: known({ phase: text(row, 'STATUS'), capacity: capacity(row) }),
});

const capacity = (row: Row): JsonObject | undefined => {
  const storage = text(row, 'CAPACITY');
  return storage === undefined ? undefined : { storage };
};

const volume: Build = (row) => {
  const [namespace = '', name] = (text(row, 'CLAIM') ?? '').split('/');
  return {
    spec: known({
      storageClassName: text(row, 'STORAGECLASS'),
      capacity: capacity(row),
      claimRef: name === undefined ? undefined : { kind: 'PersistentVolumeClaim', namespace, name },
    }),
    status: known({ phase: text(row, 'STATUS') }),
  };
};

const storageClass: Build = (row) => ({
  metadata: (row['NAME'] ?? '').endsWith('(default)')
    ? { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }
    : {},
  ...known({
    provisioner: text(row, 'PROVISIONER'),
    reclaimPolicy: text(row, 'RECLAIMPOLICY'),
    volumeBindingMode: text(row, 'VOLUMEBINDINGMODE'),
  }),
  ...known({ allowVolumeExpansion: truth(row, 'ALLOWVOLUMEEXPANSION') }),
});

const ingress: Build = (row) => ({
  spec: known({
    ingressClassName: text(row, 'CLASS'),
    rules: text(row, 'HOSTS')
      ?.split(',')
      .map((host) => (host === '*' ? {} : { host })),
  }),
  status: {},
});

const autoscaler: Build = (row) => {
  const [kind = '', name = ''] = (text(row, 'REFERENCE') ?? '').split('/');
  const figures = figuresOfCell(row['TARGETS'] ?? '');
  return {
    spec: known({
      scaleTargetRef: name === '' ? undefined : { kind, name },
      minReplicas: count(row, 'MINPODS'),
      maxReplicas: count(row, 'MAXPODS'),
      metrics: statedMetrics(figures),
    }),
    status: known({
      currentReplicas: count(row, 'REPLICAS'),
      targets: text(row, 'TARGETS'),
      currentMetrics: currentMetrics(figures),
    }),
  };
};

const quota: Build = (row) => {
  const used: Record<string, string> = {};
  const hard: Record<string, string> = {};
  for (const cell of [row['REQUEST'] ?? '', row['LIMIT'] ?? ''])
    for (const [, name = '', taken = '', limit = ''] of cell.matchAll(/([\w./-]+): ([\w.]+)\/([\w.]+)/g)) {
      used[name] = taken;
      hard[name] = limit;
    }
  return { spec: { hard }, status: { hard, used } };
};

const budget: Build = (row) => ({
  spec: known({
    minAvailable: amount(row, 'MIN AVAILABLE'),
    maxUnavailable: amount(row, 'MAX UNAVAILABLE'),
  }),
  status: known({ disruptionsAllowed: count(row, 'ALLOWED DISRUPTIONS') }),
});

const amount = (row: Row, column: string): number | string | undefined =>
  row[column] === 'N/A' ? undefined : (count(row, column) ?? text(row, column));

const application: Build = (row) => ({
  spec: {},
  status: known({
    sync: { status: row['SYNC STATUS'] ?? 'Unknown' },
    health: { status: row['HEALTH STATUS'] ?? 'Unknown' },
  }),
});

/** Whom a policy lets through its row does not show. */
const policy: Build = (row) => {
  const matchLabels = pairs(text(row, 'POD-SELECTOR'));
  return { spec: { podSelector: matchLabels === undefined ? {} : { matchLabels } }, status: { isPart: true } };
};

const apiService: Build = (row) => {
  const available = text(row, 'AVAILABLE');
  if (available === undefined) return { spec: {} };
  const [, reason] = /\((\w+)\)/.exec(available) ?? [];
  const status = available.startsWith('True') ? 'True' : 'False';
  return { spec: {}, status: { conditions: [known({ type: 'Available', status, reason })] } };
};

/** cert-manager's table of certificates. */
const certificate: Build = (row) => {
  const ready = text(row, 'READY');
  return {
    spec: known({ secretName: text(row, 'SECRET') }),
    status: ready === undefined ? {} : { conditions: [{ type: 'Ready', status: ready }] },
  };
};

const cronJob: Build = (row, at) => ({
  spec: known({ schedule: text(row, 'SCHEDULE'), suspend: truth(row, 'SUSPEND') }),
  status: known({ lastScheduleTime: timeOf(row, 'LAST SCHEDULE', at) }),
});

/** The ports without encryption that the scheduler and the controller manager have no more: that nobody answers there says nothing. */
const formerPort = /:1025[12]\b.{0,80}refused/;

const component: Build = (row) => {
  const said = [row['MESSAGE'], row['ERROR']].filter((one) => one !== undefined && one !== '').join(' ');
  const states: Record<string, string> = { Healthy: 'True', Unhealthy: 'False' };
  const status = formerPort.test(said) ? 'Unknown' : (own(states, row['STATUS'] ?? '') ?? 'Unknown');
  return { conditions: [known({ type: 'Healthy', status, message: said || undefined })] };
};

const builds: Record<string, Build> = {
  ComponentStatus: component,
  Pod: podRow,
  Node: node,
  Deployment: scaled,
  ReplicaSet: scaled,
  StatefulSet: scaled,
  DaemonSet: daemonSet,
  Job: job,
  CronJob: cronJob,
  Service: service,
  Endpoints: endpoints,
  EndpointSlice: slice,
  PersistentVolumeClaim: claim,
  PersistentVolume: volume,
  StorageClass: storageClass,
  Ingress: ingress,
  HorizontalPodAutoscaler: autoscaler,
  ResourceQuota: quota,
  PodDisruptionBudget: budget,
  NetworkPolicy: policy,
  Application: application,
  APIService: apiService,
  Certificate: certificate,
  Namespace: (row) => ({ status: known({ phase: text(row, 'STATUS') }) }),
};

/** A column of ages as the time that it counts from; a clock that runs behind shows `<invalid>`, which tells nothing. */
function timeOf(row: Row, column: string, at: string): string | undefined {
  const age = ageSeconds(row[column] ?? '');
  return age === undefined ? undefined : before(at, age);
}

/** The body of an object as far as its row of a table tells. */
export function bodyOfRow(kind: string, row: Row, at: string): JsonObject {
  const body = own(builds, kind)?.(row, at) ?? customRow(row);
  const { metadata } = body;
  return {
    ...body,
    metadata: {
      ...labelsOf(row),
      ...known({ creationTimestamp: timeOf(row, 'AGE', at) }),
      ...(typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? metadata : {}),
    },
  };
}
