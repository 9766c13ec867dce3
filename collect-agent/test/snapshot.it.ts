import { Bundle } from '@aetherius/shared/contracts';
import { systemClock as clock, newId } from '@aetherius/shared/service';
import { eventually } from '@aetherius/shared/testing';
import {
  type Attributes,
  healthy,
  inject,
  loadBaseCluster,
  loadScenarios,
  type Simulator,
  setUp,
  startSimulator,
} from '@aetherius/simulator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKubeClient, type KubeClient } from '../src/kube/client.ts';
import { takeSnapshot } from '../src/snapshot/take-snapshot.ts';

const asked: Attributes[] = [];
const forbidden = new Set<string>();
let simulator: Simulator;
let client: KubeClient;

beforeAll(async () => {
  const authorize = (_: unknown, attributes: Attributes): boolean => {
    asked.push(attributes);
    return !('resource' in attributes && forbidden.has(attributes.resource));
  };
  const authenticate = () => ({ name: 'person', groups: [] });
  simulator = await startSimulator({ clock, newId, speed: 20, hooks: () => ({ authenticate, authorize }) });
  client = createKubeClient({ server: simulator.address });
  const scenarios = loadScenarios();
  const setup = [...loadBaseCluster().setup, ...scenarios.flatMap((scenario) => scenario.setup)];
  setUp(setup, simulator);
  await healthy(setup, simulator.store);
  for (const { fault } of scenarios) inject(fault, simulator);
}, 60_000);

afterAll(async () => {
  client.stop();
  await simulator.stop();
});

const snapshot = (namespace?: string) => takeSnapshot({ client, clock, cluster: 'eu-1', namespace });

describe('a snapshot', () => {
  it('is a bundle that holds the cluster, its events and the last words of what crashed', async () => {
    const bundle = await eventually(
      async () => {
        const taken = await snapshot();
        expect(taken.logs.some(({ pod, previous }) => previous && pod.startsWith('checkout-'))).toBe(true);
        return taken;
      },
      { within: 30_000 },
    );
    expect(Bundle.parse(bundle)).toEqual(bundle);
    expect(bundle.subject).toEqual({ kind: 'Cluster', namespace: null, name: 'eu-1' });
    expect(bundle.complete).toEqual(expect.arrayContaining(['Pod', 'ConfigMap', 'Node', 'StorageClass']));
    expect(bundle.events.some(({ reason }) => reason === 'BackOff')).toBe(true);
    expect(bundle.changes.map(({ name }) => name)).toContain('storefront');
    expect(bundle.cut).toEqual([]);
  });

  it('only reads, and never Secrets', async () => {
    asked.length = 0;
    await snapshot();
    expect(asked.length).toBeGreaterThan(30);
    expect([...new Set(asked.map(({ verb }) => verb))].sort()).toEqual(['get', 'list']);
    expect(asked.filter((one) => 'resource' in one && one.resource === 'secrets')).toEqual([]);
  });

  it('of a namespace holds nothing of the others, but the nodes', async () => {
    const { objects, events, complete, subject } = await snapshot('orders');
    const namespaces = new Set(objects.map(({ namespace }) => namespace));
    expect(namespaces).toEqual(new Set(['orders', null]));
    expect(objects.filter(({ kind }) => kind === 'Node')).toHaveLength(5);
    expect(new Set(events.filter(({ kind }) => kind !== 'Node').map(({ namespace }) => namespace))).toEqual(
      new Set(['orders']),
    );
    expect(complete).toEqual(expect.arrayContaining(['ConfigMap/orders', 'Node']));
    expect(subject).toEqual({ kind: 'Namespace', namespace: null, name: 'orders' });
  });

  it('keeps of a ConfigMap no more than its keys', async () => {
    const map = {
      kind: 'ConfigMap',
      metadata: { name: 'prices', namespace: 'orders' },
      data: { table: 'confidential' },
    };
    simulator.store.create(map);
    const bundle = await snapshot('orders');
    expect(bundle.objects.find(({ name }) => name === 'prices')?.body).toMatchObject({ data: { table: '[left out]' } });
    expect(JSON.stringify(bundle)).not.toContain('confidential');
  });

  it('says what it was not allowed to read, and does not take it for empty', async () => {
    forbidden.add('configmaps');
    const { cut, complete } = await snapshot('orders');
    forbidden.clear();
    expect(cut).toEqual(['/api/v1/namespaces/orders/configmaps: Forbidden']);
    expect(complete).not.toContain('ConfigMap/orders');
    expect(complete).toContain('Service/orders');
  });
});
