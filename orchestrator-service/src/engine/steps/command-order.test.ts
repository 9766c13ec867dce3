import { expect, it } from '@jest/globals';
import type { Scope } from '../scope.ts';
import { type Order, send } from './command-order.ts';

const now = '2026-01-02T03:04:05.000Z';
const scope = { run: { incident: { cluster_id: 'eu-1' } }, facts: { now } } as unknown as Scope;
const target = { api_version: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart', uid: 'u-1' };
const order: Order = { action: 'get', target, parameters: {}, takes: 15 };

/** Until when the agent is asked, and how long the step stays open, in seconds. */
function times(sent: ReturnType<typeof send>): [number, number | undefined] {
  const [effect] = sent.effects ?? [];
  const until = effect?.kind === 'command' ? Date.parse(effect.until) : Number.NaN;
  return [(until - Date.parse(now)) / 1000, sent.deadline_in];
}

it('asks for longer than a killed agent needs to lead again, and leaves the step open until every answer is in', () => {
  const [asked, open] = times(send(order, 'c-1', scope));
  expect(asked).toBeGreaterThanOrEqual(60);
  expect(open).toBeGreaterThan(asked + order.takes);
});

it('gives up sooner where an answer without it is better than a late one', () => {
  expect(times(send({ ...order, patience: 20 }, 'c-1', scope))).toEqual([20, 40]);
});
