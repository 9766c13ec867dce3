import { channels, type Inventory, type MetricsBatch } from '@aetherius/shared/contracts';
import { consume, ensureStreams, type Nats, openNats } from '@aetherius/shared/nats';
import { systemClock as clock, newId } from '@aetherius/shared/service';
import { eventually, natsServer, needs, silentLogger, type TestNatsServer } from '@aetherius/shared/testing';
import {
  healthy,
  loadBaseCluster,
  type Simulator,
  setUp,
  startPrometheus,
  startSimulator,
  type Traffic,
} from '@aetherius/simulator';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createKubeClient, type KubeClient } from '../src/kube/client.ts';
import { type Sampling, startSampling } from '../src/metrics/start-sampling.ts';
import { startWatching, type Watching } from '../src/watch/start-watching.ts';

const log = silentLogger();
const cluster = 'eu-1';
const MINUTE = 60_000;
const began = Date.now() - 20 * MINUTE;
const mesh: Traffic = {
  entry: 'shop/cart',
  perSecond: 20,
  calls: [
    { caller: 'shop/cart', callee: 'payments/ledger', share: 1 },
    { caller: 'shop/cart', callee: 'shop/nobody', share: 1 },
  ],
  takes: (workload, time) => (workload === 'payments/ledger' && time >= began ? 400 : 20),
};

needs('nats')('metrics of an agent', () => {
  let server: TestNatsServer;
  let nats: Nats;
  let simulator: Simulator;
  let client: KubeClient;
  let watching: Watching;
  let sampling: Sampling;
  let prometheus: { url: string; stop(): Promise<void> };
  let asked: KubeClient;
  const consumers: { stop(): Promise<void> }[] = [];
  const batches: MetricsBatch[] = [];
  const inventories: Inventory[] = [];

  beforeAll(async () => {
    server = await natsServer();
    nats = await openNats({ url: server.url, name: 'test' }, log);
    await ensureStreams(nats);
    const source = { nats, service: 'test', stream: 'AGENT_METRICS', log };
    const keep = <T>(list: T[]) => ({ handle: async ({ body }: { body: T }) => void list.push(body) });
    consumers.push(
      await consume({ ...source, purpose: 'metrics', channel: channels.metrics, ...keep(batches) }),
      await consume({ ...source, purpose: 'inventory', channel: channels.inventory, ...keep(inventories) }),
    );
    simulator = await startSimulator({ clock, newId });
    const base = loadBaseCluster();
    setUp(base.setup, simulator);
    await healthy(base.setup, simulator.store);
    prometheus = await startPrometheus(mesh);
    asked = createKubeClient({ server: prometheus.url });
    client = createKubeClient({ server: simulator.address });
    watching = startWatching({ client, cluster, agentId: 'a', clock, log, emit: () => undefined });
    sampling = startSampling({
      client,
      prometheus: asked,
      bus: { current: () => nats },
      facts: watching.view,
      ready: () => Object.values(watching.health()).every(({ synced }) => synced),
      cluster,
      clock,
      log,
      every: 1_000,
    });
  }, 60_000);
  afterAll(async () => {
    await sampling.stop();
    await watching.stop();
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    client.stop();
    asked.stop();
    await prometheus.stop();
    await simulator.stop();
    await nats.stop();
    await server.stop();
  }, 30_000);

  const series = (source: MetricsBatch['source']) =>
    batches.filter((batch) => batch.source === source).flatMap((batch) => batch.series);

  it('has what workloads and nodes use, one series a workload whatever its pods are called', async () => {
    await eventually(() => expect(series('metrics.k8s.io').length).toBeGreaterThan(0), { within: 20_000 });
    const cart = series('metrics.k8s.io').find(
      ({ series, subject }) => series.name === 'memory_usage_bytes' && subject.name === 'cart',
    );
    expect(cart).toMatchObject({ subject: { kind: 'Deployment', namespace: 'shop' }, series: { labels: {} } });
    expect(cart?.points[0]?.[1]).toBeGreaterThan(1e6);
    const kinds = new Set(series('metrics.k8s.io').map(({ subject }) => subject.kind));
    expect([...kinds]).toEqual(expect.arrayContaining(['Deployment', 'DaemonSet', 'Node']));
  });

  it('has requests, latency and calls of what exists in the cluster, and the history that Prometheus still knows', async () => {
    await eventually(() => expect(series('prometheus').length).toBeGreaterThan(0), { within: 20_000 });
    const names = new Set(series('prometheus').map(({ series }) => series.name));
    expect([...names]).toEqual(expect.arrayContaining(['requests_per_second', 'latency_mean_ms', 'error_ratio']));
    expect(series('prometheus').some(({ subject }) => subject.name === 'nobody')).toBe(false);
    expect(series('prometheus').find(({ series }) => series.name === 'latency_mean_ms')?.points).toHaveLength(15);
  });

  it('has how near quotas and autoscalers are to their limits, as they say themselves', async () => {
    simulator.store.create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'team', namespace: 'shop' },
      spec: { hard: { pods: '40' } },
    });
    const quota = () => series('kubernetes').find(({ subject }) => subject.kind === 'ResourceQuota');
    await eventually(() => expect(quota()).toBeDefined(), { within: 20_000 });
    expect(quota()).toMatchObject({
      series: { name: 'quota_used_ratio', labels: { resource: 'pods' } },
      subject: { namespace: 'shop', name: 'team' },
    });
    expect(quota()?.points[0]?.[1]).toBeGreaterThan(0);
    expect(quota()?.points[0]?.[1]).toBeLessThan(1);
  });

  it('tells which pods, services and nodes belong to a workload', async () => {
    await eventually(() => expect(inventories.length).toBeGreaterThan(0), { within: 20_000 });
    const cart = inventories.flatMap(({ workloads }) => workloads).find(({ subject }) => subject.name === 'cart');
    expect(cart).toMatchObject({ subject: { kind: 'Deployment', namespace: 'shop' } });
    expect(cart?.pods[0]).toMatch(/^cart-/);
    expect(cart?.nodes.length).toBeGreaterThan(0);
  });

  it('says that series of a deleted workload are gone', async () => {
    simulator.store.remove('Deployment', 'shop', 'cart', {});
    await eventually(
      () =>
        expect(batches.flatMap(({ gone }) => gone)).toEqual(
          expect.arrayContaining([expect.objectContaining({ subject: expect.objectContaining({ name: 'cart' }) })]),
        ),
      { within: 30_000 },
    );
  });
});
