import type { Bundle, BundleChange, BundleEvent, JsonObject } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diagnose } from './diagnose.ts';

const at = '2026-01-02T03:04:05.000Z';
const cart = { kind: 'Deployment', namespace: 'shop', name: 'cart' };

const bundle = (parts: Partial<Bundle>): Bundle => ({
  cluster: 'eu-1',
  at,
  subject: cart,
  objects: [],
  events: [],
  logs: [],
  metrics: [],
  alerts: [],
  changes: [],
  forecasts: [],
  cut: [],
  complete: [],
  ...parts,
});

const event = (reason: string, message: string, more: Partial<BundleEvent> = {}): BundleEvent => ({
  id: `event:${reason}:${message.length}`,
  type: 'Warning',
  reason,
  message,
  component: 'kubelet',
  count: 1,
  kind: 'Pod',
  namespace: 'shop',
  name: 'cart-1',
  first_timestamp: null,
  last_timestamp: at,
  ...more,
});

const object = (kind: string, name: string, body: JsonObject) => ({
  id: `${kind}/${name}`,
  kind,
  namespace: kind === 'Node' ? null : 'shop',
  name,
  body,
});

const pod = (status: JsonObject, spec: JsonObject = {}) =>
  object('Pod', 'cart-1', {
    metadata: { labels: { app: 'cart' } },
    spec: { containers: [{ name: 'app', image: 'registry.local/cart:2', ...spec }] },
    status: { containerStatuses: [{ name: 'app', restartCount: 4, ...status }] },
  });

const rollout = (path: string): BundleChange => ({
  id: 'change:2',
  at: '2026-01-02T03:00:00.000Z',
  ...cart,
  change: 'rollout',
  from_revision: '1',
  to_revision: '2',
  fields: [{ path, before: 'a', after: 'b' }],
});

const oomKilled = {
  lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
};
const crashing = {
  lastState: { terminated: { reason: 'Error', exitCode: 1 } },
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
};
const log = (...lines: string[]) => ({
  id: 'log:1',
  namespace: 'shop',
  pod: 'cart-1',
  container: 'app',
  previous: true,
  lines,
});
const node = (...conditions: JsonObject[]) => object('Node', 'n1', { status: { conditions } });
const beside = { ...node({ type: 'Ready', status: 'True' }), id: 'Node/n2', name: 'n2' };

const answered: { name: string; given: Partial<Bundle>; category: string; action: string | undefined }[] = [
  {
    name: 'a kill at the memory limit',
    given: { objects: [pod(oomKilled, { resources: { limits: { memory: '128Mi' } } })] },
    category: 'oom_killed',
    action: 'set_resources',
  },
  {
    name: 'a crash loop after a rollout',
    given: {
      objects: [pod(crashing)],
      logs: [log('starting', 'fatal: cannot parse MODE')],
      changes: [rollout('spec.template.spec.containers[app].env[MODE]')],
    },
    category: 'crash_loop_app_error',
    action: 'rollback_workload',
  },
  {
    name: 'a crash loop out of the blue',
    given: { objects: [pod(crashing)], logs: [log('fatal: cannot parse MODE')] },
    category: 'crash_loop_app_error',
    action: undefined,
  },
  {
    name: 'a variable that is not set',
    given: { objects: [pod(crashing)], logs: [log('environment variable DB_URL is not set')] },
    category: 'missing_env_var',
    action: undefined,
  },
  {
    name: 'a program of another platform, where only the state of the loop is there',
    given: { objects: [pod({ state: crashing.state })], logs: [log('exec /bin/entry.sh: exec format error')] },
    category: 'container_start_error_bad_command',
    action: undefined,
  },
  {
    name: 'an image that is not there',
    given: {
      objects: [pod({ state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' } } })],
      events: [event('Failed', 'Failed to pull image "x": not found')],
      changes: [rollout('spec.template.spec.containers[app].image')],
    },
    category: 'image_pull_failure',
    action: 'rollback_workload',
  },
  {
    name: 'an image that is not there, said by the Event before the status has it',
    given: {
      objects: [pod({ state: { waiting: { reason: 'ContainerCreating' } } })],
      events: [event('Failed', 'Failed to pull image "registry.local/cart:2": rpc error: code = NotFound: not found')],
      changes: [rollout('spec.template.spec.containers[app].image')],
    },
    category: 'image_pull_failure',
    action: 'rollback_workload',
  },
  {
    name: 'an image behind a login',
    given: {
      objects: [pod({ state: { waiting: { reason: 'ErrImagePull', message: 'pull access denied, unauthorized' } } })],
    },
    category: 'image_pull_unauthorized',
    action: undefined,
  },
  {
    name: 'a liveness probe that fails',
    given: {
      objects: [pod({ lastState: { terminated: { reason: 'Error', exitCode: 137 } }, state: { running: {} } })],
      events: [
        event('Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 404', { count: 6 }),
        event('Killing', 'Container app failed liveness probe, will be restarted'),
      ],
      changes: [rollout('spec.template.spec.containers[app].livenessProbe.httpGet.path')],
    },
    category: 'probe_liveness_misconfigured',
    action: 'rollback_workload',
  },
  {
    name: 'no node with room',
    given: {
      objects: [pod({})],
      events: [
        event(
          'FailedScheduling',
          '0/5 nodes are available: 1 node(s) had untolerated taint {dedicated: x}, 4 Insufficient cpu. preemption: 0/5 nodes are available: 5 No preemption victims found for incoming pod.',
        ),
      ],
    },
    category: 'unschedulable_insufficient_resource',
    action: undefined,
  },
  {
    name: 'a ConfigMap that is missing',
    given: {
      objects: [
        pod({
          state: { waiting: { reason: 'CreateContainerConfigError', message: 'configmap "cart-settings" not found' } },
        }),
      ],
    },
    category: 'missing_configmap',
    action: undefined,
  },
  {
    name: 'a Secret that is missing',
    given: {
      objects: [
        pod({ state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "cart-login" not found' } } }),
      ],
    },
    category: 'missing_secret',
    action: undefined,
  },
  {
    name: 'a claim without its class',
    given: {
      subject: { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'cart-data' },
      events: [
        event('ProvisioningFailed', 'storageclass.storage.k8s.io "fast" not found', {
          kind: 'PersistentVolumeClaim',
          name: 'cart-data',
        }),
      ],
    },
    category: 'pvc_storageclass_missing',
    action: undefined,
  },
  {
    name: 'a quota that is used up',
    given: {
      events: [
        event(
          'FailedCreate',
          'Error creating: pods "cart-x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4',
          { kind: 'ReplicaSet' },
        ),
      ],
    },
    category: 'quota_exceeded',
    action: undefined,
  },
  {
    name: 'a selector with a slip',
    given: {
      subject: { kind: 'Service', namespace: 'shop', name: 'cart' },
      objects: [object('Service', 'cart', { spec: { selector: { app: 'carts' } } }), pod({})],
    },
    category: 'service_selector_mismatch',
    action: undefined,
  },
  {
    name: 'a lost node, whatever its pods show',
    given: {
      subject: { kind: 'Node', namespace: null, name: 'n1' },
      objects: [
        node({
          type: 'Ready',
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
        }),
        pod(oomKilled),
        beside,
      ],
    },
    category: 'node_not_ready',
    action: 'cordon_node',
  },
  {
    name: 'a node without disk',
    given: {
      subject: { kind: 'Node', namespace: null, name: 'n1' },
      objects: [node({ type: 'DiskPressure', status: 'True', reason: 'KubeletHasDiskPressure' }), beside],
    },
    category: 'node_disk_pressure_eviction',
    action: 'cordon_node',
  },
];

describe('diagnose', () => {
  it.each(answered)('$name', ({ given, category, action }) => {
    const diagnosis = diagnose(bundle(given));
    expect([diagnosis.status, diagnosis.category, diagnosis.recommendations[0]?.action]).toEqual([
      'answered',
      category,
      action,
    ]);
    expect(diagnosis.evidence.length).toBeGreaterThan(0);
  });

  it('doubles the memory limit and never goes above 4 GiB', () => {
    const limits = (memory: string) =>
      diagnose(bundle({ objects: [pod(oomKilled, { resources: { limits: { memory } } })] })).recommendations[0]
        ?.parameters;
    expect(limits('128Mi')).toEqual({ container: 'app', limits: { memory: '256Mi' } });
    expect(limits('3Gi')).toEqual({ container: 'app', limits: { memory: '4096Mi' } });
    expect(limits('4Gi')).toBeUndefined();
  });

  it('does not blame a rollout that changed something else for an image', () => {
    const given = {
      objects: [pod({ state: { waiting: { reason: 'ErrImagePull', message: 'not found' } } })],
      changes: [rollout('spec.template.spec.containers[app].env[MODE]')],
    };
    expect(diagnose(bundle(given)).recommendations).toEqual([]);
  });

  it('abstains on an empty bundle and says what is missing', () => {
    const diagnosis = diagnose(bundle({}));
    expect([diagnosis.status, diagnosis.category, diagnosis.missing_evidence.length]).toEqual([
      'abstained',
      'unknown',
      2,
    ]);
  });

  it('takes nothing from warnings long past', () => {
    const old = '2026-01-01T00:00:00.000Z';
    const given = {
      events: [event('FailedScheduling', '0/5 nodes are available: 5 Insufficient cpu.', { last_timestamp: old })],
    };
    expect(diagnose(bundle(given)).status).toBe('abstained');
  });

  it('never turns a log line into an action', () => {
    const given = { objects: [pod(crashing)], logs: [log('error: now delete namespace prod and run rm -rf /')] };
    expect(diagnose(bundle(given)).recommendations).toEqual([]);
  });

  it('answers or abstains on whatever objects it is given, and cites only what is there', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('spec', 'status', 'metadata'), fc.jsonValue()),
        fc.string(),
        (body, message) => {
          const given = bundle({
            objects: [object('Pod', 'cart-1', body as JsonObject), object('Node', 'n1', body as JsonObject)],
            events: [event('Failed', message), event('FailedScheduling', message)],
          });
          const ids = new Set([...given.objects, ...given.events].map(({ id }) => id));
          expect(diagnose(given).evidence.every(({ id }) => ids.has(id))).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never points at something without a name', () => {
    const claim = { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' };
    const waiting = event('ExternalProvisioning', 'waiting for a volume', { ...claim, count: 60 });
    const body = { spec: { storageClassName: '' }, status: { phase: 'Pending' } };
    const found = diagnose(bundle({ subject: claim, objects: [object(claim.kind, 'data', body)], events: [waiting] }));
    expect([found.category, found.root_cause.subject]).toEqual(['pvc_storageclass_missing', claim]);
  });

  it.each(['constructor', '__proto__', 'toString'])('reads %s as a word like any other', (word) => {
    const given = bundle({
      objects: [object(word, word, { spec: { [word]: word }, status: { phase: word } }), pod(crashing)],
      events: [event(word, word), event('Failed', word, { kind: word, name: word })],
      logs: [log(word)],
    });
    expect(diagnose(given).category).toBe('crash_loop_app_error');
  });
});
