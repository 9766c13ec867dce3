import { Problem } from '@aetherius/shared/contracts';
import { anEvent, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rig as startRig } from './rig.ts';

const target = { api_version: 'v1', kind: 'Pod', namespace: 'shop', name: 'cart-1' };
const bodies: Record<string, Record<string, unknown>> = {
  '/api/v1/commands': { cluster_id: 'eu-1', action: 'logs', target, parameters: {}, expires_in: '5s' },
  '/api/v1/access/tokens': { name: 'robot', roles: ['viewer'], expires_at: null },
  '/api/v1/events/search': {
    cluster_id: ['eu-1'],
    severity: 'high',
    since: '2026-01-01T00:00:00Z',
    limit: 5,
    cursor: 'x',
  },
};
const lists: Record<string, string[]> = {
  '/api/v1/incidents': ['state', 'severity', 'cluster_id', 'namespace', 'category', 'q', 'limit', 'cursor'],
  '/api/v1/events': [
    'cluster_id',
    'namespace',
    'severity',
    'reason',
    'kind',
    'name',
    'type',
    'since',
    'until',
    'limit',
    'cursor',
  ],
  '/api/v1/commands': ['cluster_id', 'status', 'limit', 'cursor'],
  '/api/v1/agents': ['status', 'cluster_id'],
  '/api/v1/audit': ['actor', 'limit', 'cursor'],
};
const things = ['incidents', 'events', 'agents', 'clusters', 'commands', 'access/tokens'];

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\0',
    '%',
    "'; drop table event; --",
    '-1',
    '1e99',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    'WzEsMl0',
    'WyIyMDI2LTAxLTAxVDAwOjAwOjAwWiIsIngiXQ',
  ),
);
const changedBody = fc.constantFrom(...Object.keys(bodies)).chain((path) =>
  fc
    .tuple(fc.constantFrom(...Object.keys(bodies[path] ?? {})), fc.oneof(fc.jsonValue(), anyText))
    .map(([field, value]) => ({
      method: 'POST',
      path,
      body: { ...bodies[path], [field]: value },
    })),
);
const query = fc.constantFrom(...Object.keys(lists)).chain((path) =>
  fc.tuple(fc.constantFrom(...(lists[path] ?? [])), anyText).map(([field, value]) => ({
    method: 'GET',
    path: `${path}?${field}=${encodeURIComponent(value.toWellFormed())}`,
  })),
);
const named = fc
  .tuple(
    fc.constantFrom(...things),
    anyText.filter((text) => !['', '.', '..'].includes(text)),
  )
  .map(([thing, id]) => ({ method: 'GET', path: `/api/v1/${thing}/${encodeURIComponent(id.toWellFormed())}` }));

needs('postgres', 'nats')('the HTTP doors', () => {
  let rig: Awaited<ReturnType<typeof startRig>>;
  let token: string;
  beforeAll(async () => {
    rig = await startRig();
    token = await rig.tokenFor('admin');
    await rig.manager.ingest.record([anEvent({ timestamp: new Date().toISOString() })]);
  });
  afterAll(() => rig.stop());

  it('answer anything with what is wrong about it, and never break', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(changedBody, query, named), async ({ method, path, ...rest }) => {
        const { status, body } = await rig.call(method, path, { token, ...rest });
        expect(status).toBeLessThan(500);
        if (status >= 400)
          expect(Problem.parse(body)).toMatchObject({ status, code: expect.stringMatching(/^[a-z_]+$/) });
      }),
      { numRuns: 500 },
    );
  }, 60_000);
});
