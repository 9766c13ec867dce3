import { attachSimulated, type Fleet, type SimulatedCluster } from '@aetherius/local';
import { eventually } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { withFleet } from '../src/test-fleet.ts';

const Waiting = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      action: z.string(),
      target: z.object({ kind: z.string(), name: z.string() }),
      parameters: z.record(z.string(), z.json()),
      before: z.record(z.string(), z.json()),
    }),
  ),
});
type Asked = z.infer<typeof Waiting>['items'][number];

const labels = { app: 'ledger' };
const behaviour = { logs: ['listening on :8080'], serves: { port: 8080, paths: ['/', '/healthz'] } };

/** A program that has been restarted from its first day on, because its liveness probe asks a port that it does not serve. */
const ledger = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'ledger', namespace: 'shop' },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels, annotations: { 'simulator.aetherius.io/behaviour': JSON.stringify(behaviour) } },
      spec: {
        containers: [
          {
            name: 'ledger',
            image: 'registry.example.com/shop/ledger:2.3.0',
            ports: [{ containerPort: 8080 }],
            livenessProbe: { httpGet: { path: '/healthz', port: 8081 }, periodSeconds: 2, failureThreshold: 2 },
          },
        ],
      },
    },
  },
};

/** A program that runs until a rollout asks for nodes that are not there. */
const courier = {
  ...ledger,
  metadata: { name: 'courier', namespace: 'shop' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'courier' } },
    template: {
      metadata: { ...ledger.spec.template.metadata, labels: { app: 'courier' } },
      spec: {
        containers: [
          {
            name: 'courier',
            image: 'registry.example.com/shop/courier:1.0.0',
            readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
};
const onGpus = { spec: { template: { spec: { nodeSelector: { 'example.com/pool': 'gpu' } } } } };

/** The shipped strategy for Services, but asking where that one only suggests. */
const services = {
  description: 'Services; changed when a person agrees.',
  workflow: 'respond',
  match: { kinds: ['Service'] },
  priority: 200,
  autonomy: 'approve',
  cooldown: '5m',
};

const API = '/apis/apps/v1/namespaces/shop/deployments';
const CART = '/api/v1/namespaces/shop/services/cart';

async function kube(cluster: SimulatedCluster, method: string, path: string, body?: unknown): Promise<unknown> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = await fetch(`${cluster.url}${path}`, {
    method,
    headers: { 'content-type': type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
  return answer.json();
}

/** The orchestrator's API as a person uses it. */
async function api(fleet: Fleet, method: string, path: string, body?: unknown): Promise<unknown> {
  const headers = { authorization: `Bearer ${await fleet.api.token()}`, 'content-type': 'application/json' };
  const answer = await fetch(`${fleet.urls['orchestrator-service']}/api/v1/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect([path, answer.status, answer.ok ? '' : await answer.text()]).toEqual([path, answer.status, '']);
  return answer.json();
}

const askedAbout = (fleet: Fleet, name: string): Promise<Asked> =>
  eventually(
    async () => {
      const { items } = Waiting.parse(await api(fleet, 'GET', 'approvals'));
      const found = items.find(({ target }) => target.name === name);
      if (found === undefined) throw new Error(`nobody is asked about ${name}`);
      return found;
    },
    { within: 120_000 },
  );

const verified = (fleet: Fleet, kind: string, name: string, action: string) =>
  eventually(
    async () => {
      const found = (await fleet.api.incidents()).find(({ subject }) => subject.kind === kind && subject.name === name);
      expect(found).toMatchObject({ state: 'resolved', outcome: 'verified', action });
    },
    { within: 120_000 },
  );

it(
  'changes a probe and a selector, and takes back what a rollout asked for, as the evidence gives them, after a person has agreed to just that',
  () =>
    withFleet(async ({ fleet, cluster, signal }) => {
      await api(fleet, 'PUT', 'strategies/service', services);
      await attachSimulated({ fleet, cluster, allowChanges: true, signal });
      await kube(cluster, 'POST', API, courier);
      await eventually(
        async () =>
          expect(await kube(cluster, 'GET', `${API}/courier`)).toMatchObject({ status: { availableReplicas: 1 } }),
        { within: 60_000 },
      );
      await kube(cluster, 'PATCH', `${API}/courier`, onGpus);
      await kube(cluster, 'POST', API, ledger);
      await kube(cluster, 'PATCH', CART, { spec: { selector: { app: 'crat' } } });

      const probe = await askedAbout(fleet, 'ledger');
      expect(probe).toMatchObject({
        action: 'set_probe',
        parameters: { container: 'ledger', probe: 'liveness', port: 8080 },
        before: { 'spec.template.spec.containers[ledger].livenessProbe.httpGet.port': 8081 },
      });
      const selector = await askedAbout(fleet, 'cart');
      expect(selector).toMatchObject({
        action: 'set_service_selector',
        parameters: { selector: { app: 'cart' } },
        before: { 'spec.selector.app': 'crat' },
      });
      const place = await askedAbout(fleet, 'courier');
      expect(place).toMatchObject({
        action: 'set_node_selector',
        parameters: { labels: {} },
        before: { 'spec.template.spec.nodeSelector': { 'example.com/pool': 'gpu' } },
      });
      for (const { id } of [probe, selector, place])
        await api(fleet, 'POST', `approvals/${id}/approve`, { comment: null });

      await verified(fleet, 'Deployment', 'ledger', 'set_probe');
      await verified(fleet, 'Service', 'cart', 'set_service_selector');
      await verified(fleet, 'Deployment', 'courier', 'set_node_selector');
      expect(await kube(cluster, 'GET', `${API}/ledger`)).toMatchObject({
        spec: { template: { spec: { containers: [{ livenessProbe: { httpGet: { port: 8080 } } }] } } },
      });
      expect(await kube(cluster, 'GET', CART)).toMatchObject({ spec: { selector: { app: 'cart' } } });
    }),
  400_000,
);
