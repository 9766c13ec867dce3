import type { Bundle, BundleEvent, BundleLog, BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnoseAll } from './diagnose-all.ts';

const at = '2026-01-02T03:04:05.000Z';
const early = '2026-01-02T01:00:00.000Z';
const object = (kind: string, path: string, body: JsonObject): BundleObject => {
  const [name = '', namespace = null] = path.split('/').toReversed();
  return { id: `${kind}/${path}`, kind, namespace, name, body };
};
const bundle = (more: Partial<Bundle>): Bundle =>
  aBundle({
    ...{ at, objects: [], logs: [], changes: [], events: [] },
    subject: { kind: 'Cluster', namespace: null, name: 'c' },
    ...more,
  });
const all = (more: Partial<Bundle>) => diagnoseAll(bundle(more));
const found = (more: Partial<Bundle>) =>
  all(more)
    .map(({ category, subject }) => `${category} ${subject.kind}/${subject.name}`)
    .toSorted();

const loops = { ready: false, restartCount: 7, state: { waiting: { reason: 'CrashLoopBackOff', message: '' } } };
const runs = { ready: true, restartCount: 0, state: { running: { startedAt: early } } };
const starts = { ready: false, restartCount: 0, state: { waiting: { reason: 'ContainerCreating' } } };
type Made = { node?: string; status?: JsonObject; spec?: JsonObject; container?: JsonObject };
/** A pod `NAMESPACE/OWNER` of a workload of a kind; its labels say `app=OWNER`. */
const pod = (kind: string, path: string, { node = 'n1', status = loops, spec = {}, container = {} }: Made = {}) => {
  const [namespace, owner = ''] = path.split('/');
  const made = { uid: path, creationTimestamp: early, labels: { app: owner } };
  return object('Pod', `${namespace}/${owner}-0`, {
    metadata: { ...made, ownerReferences: [{ kind, name: owner }] },
    spec: { nodeName: node, containers: [{ name: 'main', ...container }], ...spec },
    status: { phase: 'Running', containerStatuses: [{ name: 'main', ...status }] },
  });
};
const warning = (path: string, reason: string, message: string, kind = 'Pod'): BundleEvent => {
  const [namespace = '', name = ''] = path.split('/');
  const times = { count: 12, first_timestamp: early, last_timestamp: at };
  return { id: `event/${path}`, type: 'Warning', component: null, kind, namespace, name, reason, message, ...times };
};
const log = (path: string, ...lines: string[]): BundleLog => {
  const [namespace = '', name = ''] = path.split('/');
  return { id: `log/${path}`, namespace, pod: `${name}-0`, container: 'main', previous: true, lines };
};
const panics = (path: string): BundleLog => log(path, 'panic: the settings are in disorder');
const service = (path: string, app: string, ports: JsonObject[] = [{ port: 443 }]) =>
  object('Service', path, { spec: { clusterIP: '10.0.0.9', selector: { app }, ports } });

describe('the agent of the network on a node', () => {
  const waits = pod('Deployment', 'app/lathe', { status: starts });
  const noSandbox = (words: string) =>
    warning('app/lathe-0', 'FailedCreatePodSandBox', `Failed to create pod sandbox: rpc error: ${words}`);
  const cilium = 'plugin type="cilium-cni" failed (add): unable to connect to Cilium agent';
  const calico = 'stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container runs';

  it.each([
    [cilium, 'cilium'],
    [calico, 'calico-node'],
    ['open /run/flannel/subnet.env: no such file or directory: plugin type="flannel"', 'kube-flannel-ds'],
    ['plugin type="aws-cni" failed (add): dial tcp 127.0.0.1:50051: connect: connection refused', 'aws-node'],
  ])('is the cause of %s', (words, agent) => {
    const objects = [waits, pod('DaemonSet', `kube-system/${agent}`)];
    const logs = [panics(`kube-system/${agent}`)];
    const [told, ...others] = all({ objects, logs, events: [noSandbox(words)] });
    expect([told?.category, told?.subject.name, others]).toEqual(['crash_loop_app_error', agent, []]);
    expect(told?.rejected).toContainEqual({
      category: 'pod_sandbox_cni_failure',
      reason: `explained by crash_loop_app_error of DaemonSet kube-system/${agent}`,
    });
  });

  it.each([
    ['of another node', pod('DaemonSet', 'kube-system/cilium', { node: 'n2' })],
    ['of another plugin', pod('DaemonSet', 'kube-system/calico-node')],
    ['that is the operator alone', pod('Deployment', 'kube-system/cilium-operator')],
  ])('is another fault where it is one %s', (_, agent) => {
    expect(found({ objects: [waits, agent], events: [noSandbox(cilium)] })).toHaveLength(2);
  });
});

describe('the driver of a volume on a node', () => {
  const waits = pod('StatefulSet', 'db/vault', { status: starts });
  const unmounted = (driver: string) =>
    warning(
      'db/vault-0',
      'FailedMount',
      `MountVolume.MountDevice failed for volume "pvc-1" : driver name ${driver} not found in the list of registered CSI drivers`,
    );

  it.each([
    ['ebs.csi.aws.com', 'ebs-csi-node'],
    ['disk.csi.azure.com', 'csi-azuredisk-node'],
    ['rook-ceph.rbd.csi.ceph.com', 'csi-rbdplugin'],
    ['driver.longhorn.io', 'longhorn-csi-plugin'],
  ])('%s is the cause where %s is broken beside the pod', (driver, plugin) => {
    const objects = [waits, pod('DaemonSet', `kube-system/${plugin}`)];
    const logs = [panics(`kube-system/${plugin}`)];
    expect(found({ objects, logs, events: [unmounted(driver)] })).toEqual([`crash_loop_app_error DaemonSet/${plugin}`]);
  });

  it.each([
    ['of another node', pod('DaemonSet', 'kube-system/ebs-csi-node', { node: 'n2' })],
    ['of another driver', pod('DaemonSet', 'kube-system/efs-csi-node')],
  ])('is another fault where it is one %s', (_, plugin) => {
    expect(found({ objects: [waits, plugin], events: [unmounted('ebs.csi.aws.com')] })).toHaveLength(2);
  });
});

describe('what the API server asks of a Service', () => {
  const scaler = object('HorizontalPodAutoscaler', 'shop/till', {
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'till' }, maxReplicas: 4 },
    status: {
      conditions: [
        {
          ...{ type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric' },
          message: 'unable to fetch metrics from resource metrics API: the server is currently unable to handle it',
        },
      ],
    },
  });
  const api = object('APIService', 'v1beta1.metrics.k8s.io', {
    spec: { service: { name: 'gauges', namespace: 'kube-system' } },
    status: { conditions: [{ type: 'Available', status: 'False', reason: 'MissingEndpoints', message: 'none' }] },
  });
  const served = [service('kube-system/gauges', 'gauges'), api, scaler];
  const noFigures = 'hpa_no_metrics HorizontalPodAutoscaler/till';

  it('fails for the program behind it: figures', () => {
    const broken = pod('Deployment', 'kube-system/gauges');
    const logs = [panics('kube-system/gauges'), panics('kube-system/other')];
    expect(found({ objects: [...served, broken], logs: logs.slice(0, 1) })).toEqual([
      'crash_loop_app_error Deployment/gauges',
    ]);
    const well = pod('Deployment', 'kube-system/gauges', { status: runs });
    expect(found({ objects: [...served, well] })).toEqual([noFigures]);
    const other = pod('Deployment', 'kube-system/other');
    expect(found({ objects: [...served, well, other], logs: logs.slice(1) })).toEqual([
      'crash_loop_app_error Deployment/other',
      noFigures,
    ]);
  });

  it('fails for the metrics server, be its registration not read, and so does the API itself', () => {
    const logs = [panics('kube-system/metrics-server')];
    const server = pod('Deployment', 'kube-system/metrics-server');
    const own = 'crash_loop_app_error Deployment/metrics-server';
    expect(found({ objects: [scaler, server], logs })).toEqual([own]);
    const well = pod('Deployment', 'kube-system/metrics-server', { status: runs });
    expect(found({ objects: [scaler, well] })).toEqual([noFigures]);
    const named = object('APIService', 'v1beta1.metrics.k8s.io', {
      ...api.body,
      spec: { service: { name: 'metrics-server', namespace: 'kube-system' } },
    });
    const before = service('kube-system/metrics-server', 'metrics-server');
    expect(found({ objects: [named, before, server], logs })).toEqual([own]);
    expect(found({ objects: [named, before, well] })).toEqual([`control_plane_unhealthy APIService/${named.name}`]);
  });

  it('fails for the program behind it: admissions', () => {
    const hooks = object('ValidatingWebhookConfiguration', 'guards', {
      webhooks: [{ name: 'check.guard.dev', clientConfig: { service: { name: 'guard', namespace: 'sec' } } }],
    });
    const message =
      'Error creating: Internal error occurred: failed calling webhook "check.guard.dev": failed to call webhook: Post "https://guard.sec.svc:443/check": no endpoints available for service "guard"';
    const events = [warning('shop/till-5f6b7d9c44', 'FailedCreate', message, 'ReplicaSet')];
    const killed = { ...loops, lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } };
    const guard = pod('Deployment', 'sec/guard', { status: killed });
    const before = service('sec/guard', 'guard');
    const refused = 'webhook_unavailable Deployment/till';
    for (const told of [[hooks], []])
      expect(found({ objects: [...told, before, guard], events })).toEqual(['oom_killed Deployment/guard']);
    const other = pod('Deployment', 'sec/other', { status: killed });
    expect(found({ objects: [hooks, before, other], events })).toContain(refused);
  });
});

describe('a volume that is full', () => {
  const objects = [pod('StatefulSet', 'logs/barn')];
  const logs = [log('logs/barn', 'FATAL write /var/barn/wal: no space left on device')];
  const filling = (claim: string) => ({
    ...{ id: `alert/${claim}`, name: 'KubePersistentVolumeFillingUp', starts_at: early, ends_at: null },
    ...{ labels: { namespace: 'logs', persistentvolumeclaim: claim }, annotations: {} },
  });

  it('is one fault with the program that finds no space on it', () => {
    expect(found({ objects, logs, alerts: [filling('data-barn-0')] })).toEqual(['disk_full StatefulSet/barn']);
    expect(found({ objects, logs, alerts: [filling('data-barn-1')] })).toHaveLength(2);
    expect(found({ objects, logs, alerts: [filling('data-stable-0')] })).toHaveLength(2);
  });
});

describe('a call that fails', () => {
  const refused = log('shop/till', 'MySQL Connection Error: (2002) Connection refused');
  const till = pod('Deployment', 'shop/till');
  const unclaimed = warning(
    'shop/data-mysql-0',
    'ProvisioningFailed',
    'storageclass.storage.k8s.io "fast" not found',
    'PersistentVolumeClaim',
  );
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data-mysql-0' } }];
  const server = (status: JsonObject) => pod('StatefulSet', 'shop/mysql', { status, spec: { volumes } });
  const mysql = service('shop/mysql', 'mysql', [{ port: 3306 }]);

  it('goes to what is called by the name of a product, where nobody stands behind that', () => {
    const parts = { events: [unclaimed], logs: [refused] };
    const cause = 'pvc_storageclass_missing PersistentVolumeClaim/data-mysql-0';
    expect(found({ ...parts, objects: [till, mysql, server(loops)] })).toEqual([cause]);
    const other = service('shop/redis', 'mysql');
    expect(found({ ...parts, objects: [till, other, server(loops)] })).toContain(
      'dependency_unreachable Deployment/till',
    );
  });

  const store = (port: number): BundleObject[] => [
    service('shop/store', 'store', [{ port: 5432, targetPort: port }]),
    pod('StatefulSet', 'shop/store', { status: runs, container: { ports: [{ containerPort: 5432 }] } }),
  ];
  const call = log('shop/till', 'FATAL dial tcp: connect to store:5432: connection refused');

  it('says so where the port of the Service leads nowhere', () => {
    const [told, ...others] = all({ objects: [till, ...store(5433)], logs: [call] });
    expect([told?.category, told?.root_cause.subject.name, others]).toEqual(['dependency_unreachable', 'store', []]);
    expect(told?.root_cause.description).toMatch(
      /leads port 5432 to port 5433 of its pods, which declare 5432 and not/,
    );
    expect(told?.evidence).toContainEqual({ id: 'Service/shop/store', quote: 'spec.ports[0].targetPort: 5433' });
    const [fitting] = all({ objects: [till, ...store(5432)], logs: [call] });
    expect(fitting?.root_cause.description).not.toContain('leads port');
    expect(found({ objects: store(5433) })).toEqual([]);
  });

  const certificate = object('Certificate', 'edge/front', {
    spec: { secretName: 'front', dnsNames: ['*.acme.example'] },
    status: { notAfter: early, conditions: [{ type: 'Ready', status: 'False', reason: 'Expired', message: 'old' }] },
  });

  it('for a certificate is that of the certificate which the host shows', () => {
    const expired = (host: string) =>
      log(
        'shop/till',
        `FATAL Get "https://${host}/": tls: failed to verify certificate: x509: certificate has expired`,
      );
    const own = 'tls_certificate_expired Certificate/front';
    expect(found({ objects: [certificate, till], logs: [expired('api.acme.example')] })).toEqual([own]);
    expect(found({ objects: [certificate, till], logs: [expired('api.other.example')] })).toHaveLength(2);
  });
});

it('leaves what waits for a deployment to the fault that its message names', () => {
  const job = object('Job', 'fin/schema', {
    metadata: { uid: 'j', creationTimestamp: early },
    status: { failed: 2, conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] },
  });
  const release = (name: string) =>
    object('HelmRelease', 'fin/ledger', {
      ...{ apiVersion: 'helm.toolkit.fluxcd.io/v2', metadata: { creationTimestamp: early } },
      status: { conditions: [{ type: 'Ready', status: 'False', message: `upgrade failed: job ${name} failed` }] },
    });
  const own = 'job_failed_backoff Job/schema';
  expect(found({ objects: [job, release('schema')] })).toEqual([own]);
  expect(found({ objects: [job, release('index')] })).toEqual([own, 'unknown HelmRelease/ledger']);
});

describe('a pod whose only node fares ill', () => {
  const message =
    "0/2 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }, 1 node(s) didn't match Pod's node affinity/selector.";
  const node = (name: string, labels: JsonObject, isFull: boolean) =>
    object('Node', name, {
      metadata: { uid: name, labels },
      spec: isFull ? { taints: [{ key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' }] } : {},
      status: {
        conditions: [
          { type: 'Ready', status: 'True' },
          { type: 'DiskPressure', status: isFull ? 'True' : 'False', reason: 'KubeletHasDiskPressure' },
        ],
      },
    });
  const pending = object('Pod', 'data/press-0', {
    metadata: { uid: 'p', creationTimestamp: early, ownerReferences: [{ kind: 'StatefulSet', name: 'press' }] },
    spec: { nodeSelector: { disk: 'nvme' }, containers: [{ name: 'main' }] },
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    },
  });

  it('waits for that node, and for none where the selector fits no other', () => {
    const full = node('n1', { disk: 'nvme' }, true);
    const pressure = 'node_disk_pressure_eviction Node/n1';
    expect(found({ objects: [full, node('n2', {}, false), pending] })).toEqual([pressure]);
    const unfit = node('n1', { disk: 'hdd' }, true);
    expect(found({ objects: [unfit, node('n2', {}, false), pending] })).toHaveLength(2);
  });
});

it('tells every fault that stands in a manifest, whatever else it lacks', () => {
  const template = {
    metadata: { labels: { app: 'front' } },
    spec: {
      containers: [
        {
          ...{ name: 'main', image: 'a:1', ports: [{ containerPort: 8080 }] },
          envFrom: [{ configMapRef: { name: 'front-env' } }],
          readinessProbe: { httpGet: { port: 8088, path: '/' } },
        },
      ],
    },
  };
  const front = object('Deployment', 'shop/front', { spec: { replicas: 2, template } });
  const scaler = object('HorizontalPodAutoscaler', 'shop/front', {
    spec: {
      ...{ scaleTargetRef: { kind: 'Deployment', name: 'front' }, minReplicas: 2, maxReplicas: 4 },
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 60 } } }],
    },
  });
  expect(found({ objects: [front, scaler], complete: ['ConfigMap/shop'] })).toEqual([
    'hpa_missing_requests HorizontalPodAutoscaler/front',
    'missing_configmap Deployment/front',
    'probe_readiness_failed Deployment/front',
  ]);
});
