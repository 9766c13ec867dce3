import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { serveFaults } from './fault-face.ts';
import type { StandardFault } from './simulated-cluster.ts';

const brought: string[] = [];
const fault = (name: string): StandardFault => ({
  name,
  title: `the ${name} one`,
  expected: {
    category: name,
    subject: { kind: 'Deployment', namespace: 'shop', name },
    outcome: 'verified',
    action: 'rollback_workload',
  },
  inject: () => brought.push(name),
});
const clock = { now: () => new Date('2026-01-02T03:04:05Z') };
let face: Awaited<ReturnType<typeof serveFaults>>;
beforeAll(async () => {
  face = await serveFaults({ faults: [fault('first'), fault('second')], port: 0, host: '127.0.0.1', clock });
});
afterAll(() => face.stop());

const ask = async (path: string, method = 'GET') => {
  const answer = await fetch(`http://127.0.0.1:${face.port}${path}`, { method });
  return { status: answer.status, body: (await answer.json()) as { items?: unknown; detail?: string } };
};

it('brings about the fault that is named, once, and tells which were', async () => {
  expect(await ask('/faults/second', 'POST')).toMatchObject({ status: 202, body: { name: 'second' } });
  expect(await ask('/faults/second', 'POST')).toMatchObject({ status: 202 });
  expect(brought).toEqual(['second']);
  expect((await ask('/faults')).body.items).toMatchObject([
    { name: 'first', title: 'the first one', injected_at: null, expected: { category: 'first' } },
    { name: 'second', injected_at: '2026-01-02T03:04:05.000Z' },
  ]);
});

it.each([
  ['/faults/third', 'POST', 404, 'there is no fault third'],
  ['/faults/first', 'GET', 405, 'only GET /faults and POST /faults/NAME'],
  ['/faults', 'DELETE', 405, 'only GET /faults and POST /faults/NAME'],
  ['/', 'GET', 404, 'there are only /faults and /faults/NAME'],
  ['/faults/first/more', 'POST', 404, 'there are only /faults and /faults/NAME'],
])('refuses %s with %s', async (path, method, status, detail) => {
  expect(await ask(path, method)).toMatchObject({ status, body: { detail } });
});
