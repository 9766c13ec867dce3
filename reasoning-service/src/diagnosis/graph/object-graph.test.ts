import type { Bundle, BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { callsOf, serviceNamed } from './calls.ts';
import { barrierOn, dnsBlockingPolicy } from './network-policy.ts';
import { createObjectGraph } from './object-graph.ts';
import { createTopController } from './top-controller.ts';

const object = (kind: string, name: string, body: JsonObject, namespace: string | null = 'shop'): BundleObject => ({
  id: `${kind}/${name}`,
  kind,
  namespace,
  name,
  body,
});

const bundle = (objects: BundleObject[], complete: string[] = []): Bundle => ({
  cluster: 'c',
  at: '2026-01-02T03:04:05Z',
  subject: { kind: 'Namespace', namespace: null, name: 'shop' },
  objects,
  events: [],
  logs: [],
  metrics: [],
  alerts: [],
  changes: [],
  forecasts: [],
  cut: [],
  complete,
});

const owned = (kind: string, name: string): JsonObject => ({ ownerReferences: [{ kind, name }], uid: 'u' });
const ref = (kind: string, name: string, namespace: string | null = 'shop') => ({ kind, namespace, name });

describe('the graph of objects', () => {
  const graph = createObjectGraph(
    bundle(
      [
        object('Pod', 'cart-1', {
          metadata: { labels: { app: 'cart' } },
          spec: {
            nodeName: 'n1',
            serviceAccountName: 'runner',
            containers: [{ name: 'app', envFrom: [{ secretRef: { name: 'login' } }] }],
            volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
          },
        }),
        object('Ingress', 'web', { spec: { defaultBackend: { service: { name: 'cart' } } } }),
        object('HorizontalPodAutoscaler', 'cart', { spec: { scaleTargetRef: { kind: 'Deployment', name: 'cart' } } }),
      ],
      ['ConfigMap/shop', 'Node'],
    ),
  );
  const pod = ref('Pod', 'cart-1');

  it('draws references, claims, accounts and nodes, whether they are there or not', () => {
    expect(graph.out(pod, 'refers').map(({ to }) => to)).toEqual([ref('Secret', 'login')]);
    expect(graph.out(pod, 'claims').map(({ to }) => to)).toEqual([ref('PersistentVolumeClaim', 'data')]);
    expect(graph.out(pod, 'account').map(({ to }) => to)).toEqual([ref('ServiceAccount', 'runner')]);
    expect(graph.in(ref('Node', 'n1', null), 'runs_on').map(({ from }) => from)).toEqual([pod]);
    expect(graph.in(ref('Service', 'cart'), 'routes')).toHaveLength(1);
    expect(graph.in(ref('Deployment', 'cart'), 'scales')).toHaveLength(1);
  });

  it('selects pods by labels and knows which listings are whole', () => {
    expect(graph.podsWith('shop', { app: 'cart' }).map(({ name }) => name)).toEqual(['cart-1']);
    expect(graph.podsWith('shop', {})).toEqual([]);
    expect([
      graph.isWhole('ConfigMap', 'shop'),
      graph.isWhole('ConfigMap', 'other'),
      graph.isWhole('Node', null),
    ]).toEqual([true, false, true]);
  });
});

describe('the controller at the top', () => {
  const top = (objects: BundleObject[], about = ref('Namespace', 'shop', null)) =>
    createTopController(createObjectGraph(bundle(objects)), about);

  it('follows owner references, also beyond what is in the bundle', () => {
    const pod = object('Pod', 'cart-5f6d7c8b9d-p9x2w', { metadata: owned('ReplicaSet', 'cart-5f6d7c8b9d') });
    expect(top([pod])(pod)).toEqual(ref('Deployment', 'cart'));
    expect(top([pod, object('ReplicaSet', 'cart-5f6d7c8b9d', { metadata: { uid: 'bare' } })])(pod)).toEqual(
      ref('ReplicaSet', 'cart-5f6d7c8b9d'),
    );
    const run = object('Pod', 'backup-28900000-x2w4z', { metadata: owned('Job', 'backup-28900000') });
    expect(top([run])(run)).toEqual(ref('CronJob', 'backup'));
  });

  it('reads names where text hides the owner, and leaves a bare pod to itself', () => {
    expect(top([])(ref('Pod', 'web-6d4cf56db6-7kqzv'))).toEqual(ref('Deployment', 'web'));
    const bare = object('Pod', 'web-6d4cf56db6-7kqzv', { metadata: { uid: 'u' } });
    expect(top([bare])(bare)).toEqual(ref('Pod', 'web-6d4cf56db6-7kqzv'));
    const mirror = object('Pod', 'etcd-n1', { metadata: owned('Node', 'n1') });
    expect(top([mirror])(mirror)).toEqual(ref('Pod', 'etcd-n1'));
  });
});

describe('calls that settings name', () => {
  it.each([
    ['orders-db', 'shop', 'orders-db', undefined],
    ['http://orders.billing:8080/v1', 'billing', 'orders', 8080],
    ['postgres://me:pw@pg.data.svc.cluster.local:5432/db', 'data', 'pg', 5432],
  ])('%s', (text, namespace, name, port) => {
    expect(serviceNamed(text, 'shop')).toEqual({ service: ref('Service', name, namespace), port });
  });
  it('looks only at variables that hold addresses', () => {
    const env = [
      { name: 'DB_HOST', value: 'orders-db' },
      { name: 'MODE', value: 'fast' },
    ];
    expect(callsOf({ containers: [{ name: 'a', env }] }, 'shop').map(({ service }) => service.name)).toEqual([
      'orders-db',
    ]);
    expect(serviceNamed('localhost:80', 'shop')).toBeUndefined();
  });
});

describe('network policies', () => {
  const end = (app: string, namespace = 'shop') => ({ namespace, labels: { app }, namespaceLabels: {} });
  const policy = (spec: JsonObject) => object('NetworkPolicy', 'p', { spec });
  const only = (app: string, port?: number) =>
    policy({
      podSelector: { matchLabels: { app: 'db' } },
      ingress: [
        { from: [{ podSelector: { matchLabels: { app } } }], ...(port === undefined ? {} : { ports: [{ port }] }) },
      ],
    });
  const path = (from: string, port = 5432) => ({ from: end(from), to: end('db'), port });

  it('forbid whom no rule lets in, and leave others alone', () => {
    expect(barrierOn([only('api')], path('web'))?.policy.name).toBe('p');
    expect(barrierOn([only('api')], path('api'))).toBeUndefined();
    expect(barrierOn([only('api', 80)], path('api'))?.policy.name).toBe('p');
    expect(barrierOn([only('api')], { ...path('web'), to: end('cache') })).toBeUndefined();
    expect(barrierOn([only('api'), only('web')], path('web'))).toBeUndefined();
  });
  it('take a peer of another namespace only by a namespace selector', () => {
    expect(barrierOn([only('api')], { from: end('api', 'other'), to: end('db'), port: 1 })?.policy.name).toBe('p');
    const open = policy({
      podSelector: {},
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } }] }],
    });
    expect(barrierOn([open], { from: end('api', 'other'), to: end('db'), port: 1 })).toBeUndefined();
  });
  it('keep pods from the name servers unless port 53 is let out', () => {
    const egress = (ports: JsonObject[]) =>
      policy({
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [{ to: [{ namespaceSelector: {} }], ports: ports as never }],
      });
    expect(dnsBlockingPolicy([egress([{ port: 443 }])], end('web'))?.name).toBe('p');
    expect(dnsBlockingPolicy([egress([{ port: 53 }])], end('web'))).toBeUndefined();
    expect(dnsBlockingPolicy([], end('web'))).toBeUndefined();
  });
});
