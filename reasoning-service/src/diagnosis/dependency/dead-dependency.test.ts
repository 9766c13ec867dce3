import type { BundleObject, JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';
import { diagnoseAll } from '../diagnose-all.ts';
import { writerOf } from '../unplaced-log.ts';

const at = '2026-01-02T03:04:05.000Z';
const object = (kind: string, namespace: string, name: string, body: JsonObject): BundleObject => ({
  id: `${kind}/${namespace}/${name}`,
  ...{ kind, namespace, name, body },
});
const pod = (namespace: string, name: string, container: JsonObject, metadata: JsonObject = {}): BundleObject =>
  object('Pod', namespace, name, {
    metadata: { creationTimestamp: '2026-01-01T00:00:00.000Z', ...metadata },
    status: { phase: 'Running', containerStatuses: [{ name: 'main', ready: false, ...container }] },
  });
const loops = { restartCount: 6, state: { waiting: { reason: 'CrashLoopBackOff', message: '' } } };
const ofStore = { labels: { app: 'store' }, ownerReferences: [{ kind: 'StatefulSet', name: 'store' }] };
const till = pod('shop', 'till-6c5d8f7b9c-xk2lp', loops, { labels: { app: 'till' } });
const service = object('Service', 'shop', 'store', {
  spec: { clusterIP: '10.0.0.1', selector: { app: 'store' }, ports: [{ port: 5432 }] },
});
const nobody = object('EndpointSlice', 'shop', 'store-x', {
  ...{ metadata: { labels: { 'kubernetes.io/service-name': 'store' } }, ports: [], endpoints: [] },
});
const set = (replicas: number) =>
  object('StatefulSet', 'shop', 'store', {
    spec: { replicas, template: { metadata: { labels: { app: 'store' } }, spec: { containers: [{ name: 'main' }] } } },
    status: { replicas },
  });
const logOf = (pod: string, line: string) => ({
  ...{ id: 'log:1', namespace: 'shop', pod, container: 'main', previous: true, lines: [line] },
});
const refused = logOf(till.name, 'FATAL could not connect to store:5432: dial tcp 10.0.0.1:5432: connect: refused');
const bundle = (objects: BundleObject[], log = refused, complete: string[] = []) =>
  aBundle({
    ...{ at, events: [], changes: [], objects, logs: [log], complete },
    subject: { kind: 'Cluster', namespace: null, name: 'c' },
  });
const told = (...args: Parameters<typeof bundle>) =>
  diagnoseAll(bundle(...args)).map(({ category, subject }) => `${category} ${subject.kind}/${subject.name}`);
const caller = 'dependency_unreachable Deployment/till';

it('is the cause over the program that complains of it where the bundle says why it is dead', () => {
  expect(told([till, service, nobody, set(0)])).toEqual(['service_no_endpoints Service/store']);
  expect(told([till, service], refused, ['Pod/shop'])).toEqual(['service_no_endpoints Service/store']);
  const strays = object('Deployment', 'shop', 'store', {
    spec: { template: { metadata: { labels: { app: 'stores' } }, spec: { containers: [{ name: 'main' }] } } },
  });
  expect(told([till, service, strays])).toEqual(['service_selector_mismatch Service/store']);
  const unpullable = { restartCount: 0, state: { waiting: { reason: 'ErrImagePull', message: 'not found' } } };
  expect(told([till, service, set(1), pod('shop', 'store-0', unpullable, ofStore)])).toEqual([
    'image_pull_failure StatefulSet/store',
  ]);
});

it('is cited where only its state is told, or no Service stands before it', () => {
  const [idle] = diagnoseAll(bundle([till, set(0)]));
  expect(`${idle?.category} ${idle?.subject.kind}/${idle?.subject.name}`).toBe(caller);
  expect(idle?.root_cause.description).toMatch(/; StatefulSet shop\/store has no replicas$/);
  expect(idle?.evidence).toContainEqual({ id: 'StatefulSet/shop/store', quote: 'spec.replicas: 0' });
  const [crashing] = diagnoseAll(bundle([till, pod('shop', 'store-0', loops, ofStore)]));
  expect(crashing?.root_cause.subject.name).toBe('store');
  expect(crashing?.root_cause.description).toMatch(/; StatefulSet shop\/store does not fare well, 0 of 1 pod: /);
  expect(crashing?.evidence.some(({ id }) => id === 'Pod/shop/store-0')).toBe(true);
});

it('is what stands under the name of a Service whose selector no table shows', () => {
  const row = object('Service', 'shop', 'store', { spec: { clusterIP: '10.0.0.1' } });
  for (const [behind, words] of [
    [set(0), 'StatefulSet shop/store has no replicas'],
    [pod('shop', 'store-0', loops, ofStore), 'StatefulSet shop/store does not fare well, 0 of 1 pod'],
  ] as const)
    expect(diagnoseAll(bundle([till, row, behind]))[0]?.root_cause.description).toContain(words);
});

it('is what stands under the name that was called right before its number failed', () => {
  const failing = 'Error: connect ECONNREFUSED 10.0.9.9:5432';
  const log = (...lines: string[]) => ({ ...logOf(till.name, ''), lines: [...lines, failing] });
  const crashing = pod('shop', 'store-0', loops, ofStore);
  const own = { ...logOf('store-0', 'Error: the settings of store are in disorder'), id: 'log:2' };
  const all = (first: ReturnType<typeof log>) =>
    diagnoseAll({ ...bundle([till, crashing]), logs: [first, own] }).map(
      ({ category, subject }) => `${category} ${subject.kind}/${subject.name}`,
    );
  const alone = 'crash_loop_app_error StatefulSet/store';
  expect(all(log('connecting to store:5432'))).toEqual([alone]);
  for (const lines of [
    ['connecting to store:6379'],
    ['connecting to stock:5432'],
    ['connecting to stock:5432', 'connecting to store:5432'],
    ['stored store:5432'],
  ])
    expect(all(log(...lines))).toHaveLength(2);
});

it('need not be complained of often, by a program that runs all the same', () => {
  const runs = { ready: true, restartCount: 0, state: { running: {} } };
  const calm = pod('shop', till.name, runs, { labels: { app: 'till' } });
  const once = { ...logOf(till.name, 'ERROR getaddrinfo EAI_AGAIN store.shop.svc.cluster.local'), previous: false };
  const server = (container: JsonObject) => pod('kube-system', 'coredns-5d78c9869d-8b2lp', container);
  const dead = { restartCount: 14, state: { running: {} } };
  expect(told([calm, server(dead)], once)).toEqual(['dns_failure Deployment/till']);
  expect(told([calm, server(runs)], once)).toEqual([]);
});

it('says nothing of a dependency of which a pod fares well', () => {
  const runs = { ready: true, restartCount: 0, state: { running: {} } };
  const [found] = diagnoseAll(
    bundle([till, pod('shop', 'store-0', loops, ofStore), pod('shop', 'store-1', runs, ofStore)]),
  );
  expect(found?.root_cause.description).not.toContain('fare well');
});

it('is the name server of the cluster where nobody is known to have written the log', () => {
  const line = 'ERROR getaddrinfo EAI_AGAIN store.shop.svc.cluster.local';
  const server = pod('kube-system', 'coredns-5d78c9869d-8b2lp', { restartCount: 14, state: { running: {} } });
  server.body['metadata'] = {};
  const { category, subject, evidence } = diagnose(
    bundle([server], { ...logOf(writerOf('a.log'), line), previous: false }),
  );
  expect([category, subject.kind, subject.name]).toEqual(['dns_failure', 'Deployment', 'coredns']);
  expect(evidence.map(({ id }) => id)).toContain(server.id);
});

it('is the name server’s own fault that stands over logs of nobody, where something says it', () => {
  const name = 'coredns-5d78c9869d-8b2lp';
  const own = logOf(name, '/etc/coredns/Corefile:9 - Error during parsing: Unknown directive');
  const lines = ['users', 'store'].map((host) => `ERROR getaddrinfo EAI_AGAIN ${host}.shop.svc.cluster.local`);
  const nobodys = lines.map((line, at) => ({
    ...logOf(writerOf(`${at}.log`), line),
    id: `log:n${at}`,
    previous: false,
  }));
  const all = (...logs: ReturnType<typeof logOf>[]) =>
    diagnoseAll({ ...bundle([pod('kube-system', name, loops)]), logs }).map(
      ({ category, subject }) => `${category} ${subject.kind}/${subject.name}`,
    );
  expect(all({ ...own, namespace: 'kube-system' }, ...nobodys)).toEqual(['crash_loop_app_error Deployment/coredns']);
  expect(all(...nobodys)).toEqual(['dns_failure Deployment/coredns']);
});
