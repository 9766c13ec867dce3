import { attachSimulated } from '@aetherius/local';
import { eventually } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { withFleet } from '../src/test-fleet.ts';

const Runs = z.object({ items: z.array(z.object({ id: z.string() })) });
const Run = z.object({
  steps: z.array(z.object({ path: z.string(), kind: z.string(), output: z.record(z.string(), z.json()).nullable() })),
});

const cause = 'ERROR store: connect ECONNREFUSED 10.96.0.40:5432';
/** More lines than the first evidence holds of a container. */
const dump = Array.from({ length: 70 }, (_, thread) => `thread ${thread} parked at worker.loop`);
const behaviour = { logs: ['ledger 2.3.0', cause, ...dump], exit: { code: 137, after: '2s' } };

/** A program that names its trouble, writes down all its threads and is killed by its own watchdog. */
const ledger = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'ledger', namespace: 'shop' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'ledger' } },
    template: {
      metadata: {
        labels: { app: 'ledger' },
        annotations: { 'simulator.aetherius.io/behaviour': JSON.stringify(behaviour) },
      },
      spec: { containers: [{ name: 'ledger', image: 'registry.example.com/shop/ledger:2.3.0' }] },
    },
  },
};

it(
  'reads the rest of a log whose end does not say why a program dies, and names the cause then',
  () =>
    withFleet(async ({ fleet, cluster, signal }) => {
      await attachSimulated({ fleet, cluster, allowChanges: true, signal });
      const created = await fetch(`${cluster.url}/apis/apps/v1/namespaces/shop/deployments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(ledger),
      });
      expect(created.status).toBe(201);
      const incident = await eventually(
        async () => {
          const [found] = (await fleet.api.incidents()).filter(({ subject }) => subject.name === 'ledger');
          expect(found).toMatchObject({
            state: 'escalated',
            diagnosis: { category: 'dependency_unreachable', status: 'answered' },
          });
          return found;
        },
        { within: 120_000 },
      );
      expect(incident?.diagnosis?.evidence.map(({ quote }) => quote)).toContain(cause);
      const ask = async <T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>> => {
        const headers = { authorization: `Bearer ${await fleet.api.token()}` };
        const answer = await fetch(`${fleet.urls['orchestrator-service']}/api/v1/executions${path}`, { headers });
        return schema.parse(await answer.json());
      };
      const { items } = await ask(`?incident_id=${incident?.id}`, Runs);
      const { steps } = await ask(`/${items.at(-1)?.id}`, Run);
      const asked = steps.filter(({ kind }) => kind === 'ai_analysis').map(({ path }) => path);
      expect(asked.slice(0, 2)).toEqual(['analyse/analyse', 'analyse/round_1/analyse']);
      const reads = steps.filter(({ kind }) => kind === 'fetch').map(({ output }) => output);
      expect(reads).toContainEqual(
        expect.objectContaining({
          reason: null,
          read: expect.objectContaining({ action: 'logs' }),
          logs: [expect.objectContaining({ lines: ['ledger 2.3.0', cause, ...dump] })],
        }),
      );
    }),
  240_000,
);
