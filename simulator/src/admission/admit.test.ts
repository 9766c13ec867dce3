import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../store/json.ts';
import { createObjectStore, type NewObject } from '../store/object-store.ts';
import { admitCreate, admitUpdate } from './admit.ts';

function clusterWithDefault() {
  const store = createObjectStore({ clock: { now: () => new Date(0) }, newId: () => crypto.randomUUID() });
  store.create({ kind: 'Namespace', metadata: { name: 'default' } });
  return store;
}

const container = { name: 'app', image: 'nginx:1' };
const pod = (spec: JsonObject = {}): NewObject => ({
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default' },
  spec: { containers: [container], ...spec },
});

const deployment = (spec: JsonObject = {}): NewObject => ({
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
    ...spec,
  },
});

describe('what is left out', () => {
  it('is filled in for a pod', () => {
    expect(admitCreate(clusterWithDefault(), pod())).toMatchObject({
      spec: {
        restartPolicy: 'Always',
        serviceAccountName: 'default',
        containers: [{ imagePullPolicy: 'IfNotPresent', resources: {} }],
        tolerations: [{ key: 'node.kubernetes.io/not-ready' }, { key: 'node.kubernetes.io/unreachable' }],
      },
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    });
  });

  it('is filled in for a deployment, and a limit becomes the request', () => {
    const limited = { ...container, resources: { limits: { memory: '1Gi' } } };
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [limited] } };
    expect(admitCreate(clusterWithDefault(), deployment({ template }))).toMatchObject({
      spec: {
        replicas: 1,
        progressDeadlineSeconds: 600,
        strategy: { rollingUpdate: { maxSurge: '25%' } },
        template: { spec: { containers: [{ resources: { requests: { memory: '1Gi' } } }] } },
      },
    });
  });

  it('gives each service its own address', () => {
    const store = clusterWithDefault();
    const addresses = ['a', 'b'].map((name) => {
      const service = { kind: 'Service', metadata: { name, namespace: 'default' }, spec: { ports: [{ port: 80 }] } };
      return store.create(admitCreate(store, service)).spec?.['clusterIP'];
    });
    expect(addresses).toEqual(['10.96.0.1', '10.96.0.2']);
  });

  it('hides stringData of a secret in its data', () => {
    const secret = { kind: 'Secret', metadata: { name: 's', namespace: 'default' }, stringData: { key: 'value' } };
    const admitted = admitCreate(clusterWithDefault(), secret);
    expect(admitted).toMatchObject({ type: 'Opaque', data: { key: 'dmFsdWU=' } });
    expect(admitted).not.toHaveProperty('stringData');
  });
});

describe('what is wrong', () => {
  it.each<[string, NewObject, string]>([
    ['no containers', pod({ containers: [] }), 'spec.containers: Required value'],
    ['no image', pod({ containers: [{ name: 'app' }] }), 'spec.containers[0].image: Required value'],
    ['two of one name', pod({ containers: [container, container] }), 'Duplicate value: "app"'],
    ['a mount of nothing', pod({ containers: [{ ...container, volumeMounts: [{ name: 'v' }] }] }), 'Not found: "v"'],
    [
      'a request over its limit',
      pod({ containers: [{ ...container, resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } }] }),
      'must be less than or equal to cpu limit of 1',
    ],
    ['a selector for other pods', deployment({ selector: { matchLabels: { app: 'x' } } }), 'does not match template'],
    ['negative replicas', deployment({ replicas: -1 }), 'spec.replicas: Invalid value: -1'],
  ])('%s', (_case, object, message) => {
    expect(() => admitCreate(clusterWithDefault(), object)).toThrow(
      expect.objectContaining({ code: 422, message: expect.stringContaining(message) }),
    );
  });

  it('refuses an account that does not exist', () => {
    expect(() => admitCreate(clusterWithDefault(), pod({ serviceAccountName: 'robot' }))).toThrow(
      'pods "web" is forbidden: error looking up service account default/robot: serviceaccount "robot" not found',
    );
  });
});

describe('an update', () => {
  it('may change the image of a pod and nothing else of its containers', () => {
    const store = clusterWithDefault();
    const current = store.create(admitCreate(store, pod()));
    const changed = (change: JsonObject) => ({
      ...current,
      spec: { ...current.spec, containers: [{ ...container, ...change }] },
    });
    expect(admitUpdate(current, changed({ image: 'nginx:2' })).spec).toMatchObject({
      containers: [{ image: 'nginx:2' }],
    });
    const bigger = changed({ resources: { limits: { memory: '1Gi' } } });
    expect(() => admitUpdate(current, bigger)).toThrow('spec: Forbidden: pod updates may not change fields other than');
  });

  it('may not move the selector of a deployment', () => {
    const store = clusterWithDefault();
    const current = store.create(admitCreate(store, deployment()));
    const labels = { app: 'web', tier: 'front' };
    const template = { metadata: { labels }, spec: { containers: [container] } };
    const wanted = { ...current, spec: { ...current.spec, template, selector: { matchLabels: labels } } };
    expect(() => admitUpdate(current, wanted)).toThrow('spec.selector: Invalid value');
  });
});
