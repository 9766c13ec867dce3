import type { Bundle } from '@aetherius/shared/contracts';
import {
  type Body,
  type Built,
  change,
  deployment,
  http,
  node,
  object,
  onCart,
  ports,
  subject,
} from './built-objects.ts';

type Rolled = { path: string; before: string | null; after: string | null };

/** An incident of cart after a rollout that changed some fields of its pods, paths as from the pod's spec. */
const after = (fields: readonly Rolled[], built: Omit<Built, 'subject' | 'target' | 'changes'>): Built =>
  onCart({
    ...built,
    changes: [change(fields.map((one) => ({ ...one, path: `spec.template.spec.${one.path}` })))],
  });
const was = (path: string, before: string | null, now: string | null): Rolled => ({ path, before, after: now });
const inApp = (path: string, before: string | null, now: string | null): Rolled =>
  was(`containers[app].${path}`, before, now);

const back = (remedy: string, category: string, fields: Rolled[], more: Partial<Built> = {}): Built =>
  after(fields, { remedy, category, objects: [deployment({})], parameters: {}, ...more });

const replicaSet = (revision: number, pod: Body): Bundle['objects'][number] =>
  object('ReplicaSet', `cart-${revision}`, {
    metadata: {
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [{ kind: 'Deployment', name: 'cart', controller: true }],
    },
    spec: { template: { spec: pod } },
  });
const podOfRevision = (revision: number, status: Body): Bundle['objects'][number] =>
  object('Pod', `cart-${revision}-x`, {
    metadata: { ownerReferences: [{ kind: 'ReplicaSet', name: `cart-${revision}`, controller: true }] },
    spec: { nodeName: 'n1', containers: [{ name: 'app' }] },
    status: { phase: 'Running', ...status },
  });
const container = { name: 'app', restartCount: 0 };
/** A pod of revision 1 that is well beside one of revision 2 that is killed again and again. */
const bothRevisions = [
  replicaSet(1, { containers: [{ name: 'app', image: 'cart:1' }] }),
  replicaSet(2, { containers: [{ name: 'app', image: 'cart:2' }] }),
  podOfRevision(1, {
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ ...container, ready: true, state: { running: {} } }],
  }),
  podOfRevision(2, {
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [
      {
        ...container,
        ready: false,
        restartCount: 5,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
      },
    ],
  }),
];

/** Those that a rollout brought: what takes back one field of it, and what takes back all. */
export const ofChanges: readonly Built[] = [
  back('roll_back_regression', 'oom_killed', [inApp('image', 'cart:1', 'cart:2')], {
    objects: [deployment({}), ...bothRevisions],
  }),
  back('roll_back_reference', 'missing_secret', [was('volumes[keys].secret.secretName', null, 'cart-keys')], {
    cause: subject('Secret', 'cart-keys'),
  }),
  back('roll_back_security_fields', 'admission_podsecurity_rejected', [was('hostNetwork', null, 'true')]),
  back('roll_back_requests', 'unschedulable_insufficient_resource', [
    inApp('resources.requests.memory', '1Gi', '64Gi'),
  ]),
  back('roll_back_placement', 'unschedulable_affinity', [
    was('affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution', null, '[{"topologyKey":"rack"}]'),
  ]),
  back(
    'restore_probe',
    'probe_liveness_misconfigured',
    [inApp('livenessProbe.httpGet.path', '/healthz', '/helathz'), inApp('livenessProbe.timeoutSeconds', '5', null)],
    {
      objects: [deployment({ ports, livenessProbe: { httpGet: { path: '/helathz', port: 8080 } } })],
      parameters: { container: 'app', probe: 'liveness', path: '/healthz', timeout_seconds: 5 },
    },
  ),
  back('restore_probe', 'probe_readiness_failed', [inApp('readinessProbe.httpGet.port', '8080', 'http')], {
    objects: [deployment({ ports, readinessProbe: http('http') })],
    parameters: { container: 'app', probe: 'readiness', port: 8080 },
  }),
  back('restore_cpu_limit', 'cpu_throttling', [inApp('resources.limits.cpu', '2', '500m')], {
    objects: [deployment({ resources: { limits: { cpu: '500m' } } })],
    parameters: { container: 'app', requests: {}, limits: { cpu: '2' } },
  }),
  back('restore_requests', 'quota_exceeded', [inApp('resources.requests.memory', '1Gi', '8Gi')], {
    objects: [deployment({ resources: { requests: { memory: '8Gi', cpu: '1' } } })],
    parameters: { container: 'app', requests: { memory: '1Gi' }, limits: {} },
  }),
  back('restore_service_account', 'rbac_forbidden', [was('serviceAccountName', 'cart-runner', 'web')], {
    objects: [deployment({}, { serviceAccountName: 'web' })],
    parameters: { name: 'cart-runner' },
  }),
  back('restore_config_reference', 'missing_env_var', [was('volumes[settings].configMap.name', 'cart-v1', 'web-v1')], {
    objects: [deployment({}, { volumes: [{ name: 'settings', configMap: { name: 'web-v1' } }] })],
    parameters: { from: 'web-v1', to: 'cart-v1' },
  }),
  back(
    'restore_config_reference',
    'crash_loop_app_error',
    [
      inApp(
        'envFrom',
        '[{"configMapRef":{"name":"common"}},{"configMapRef":{"name":"cart-v1"}}]',
        '[{"configMapRef":{"name":"common"}},{"configMapRef":{"name":"web-v1"}}]',
      ),
    ],
    {
      objects: [deployment({ envFrom: [{ configMapRef: { name: 'common' } }, { configMapRef: { name: 'web-v1' } }] })],
      parameters: { from: 'web-v1', to: 'cart-v1' },
    },
  ),
  back('restore_pull_secrets', 'image_pull_unauthorized', [was('imagePullSecrets[registry]', '', null)], {
    objects: [deployment({}, { imagePullSecrets: [{ name: 'mirror' }] })],
    parameters: { names: ['mirror', 'registry'] },
  }),
  back(
    'restore_node_selector',
    'unschedulable_node_selector',
    [was('nodeSelector.disk', 'ssd', 'nvme'), was('nodeSelector.zone', null, 'b')],
    {
      objects: [
        deployment({}, { nodeSelector: { disk: 'nvme', zone: 'b', pool: 'web' } }),
        node('n1', { metadata: { labels: { disk: 'ssd', pool: 'web', zone: 'a' } } }),
      ],
      parameters: { labels: { pool: 'web', disk: 'ssd' } },
    },
  ),
];
