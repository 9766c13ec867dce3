import type { Bundle, JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';

const object = (kind: string, name: string, body: JsonObject): Bundle['objects'][number] => {
  const namespace = kind === 'Node' ? null : 'shop';
  return { id: `object:${kind}/${namespace ?? '_'}/${name}`, kind, namespace, name, body };
};
const at = '2026-01-02T03:04:05.000Z';
const refusal: Bundle['events'][number] = {
  ...{ id: 'event:1', type: 'Warning', reason: 'FailedScheduling', component: 'default-scheduler', count: 3 },
  message:
    "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
  ...{ kind: 'Pod', namespace: 'shop', name: 'cart-1', first_timestamp: at, last_timestamp: at },
};
const node = (name: string, zone: string, taints: JsonObject[]) =>
  object('Node', name, { metadata: { labels: { zone } }, spec: { taints } });
const pod = object('Pod', 'cart-1', {
  spec: { nodeSelector: { zone: 'a' }, containers: [{ name: 'app', image: 'cart:1' }] },
  status: { phase: 'Pending' },
});
const asked = (message: string, ...nodes: Bundle['objects']) =>
  diagnose(
    aBundle({
      ...{ at, logs: [], changes: [], events: [{ ...refusal, message }], objects: nodes },
      subject: { kind: 'Deployment', namespace: 'shop', name: 'cart' },
    }),
  );
const answer = (...nodes: Bundle['objects']) =>
  diagnose(
    aBundle({
      ...{ at, logs: [], changes: [], events: [refusal] },
      subject: { kind: 'Deployment', namespace: 'shop', name: 'cart' },
      objects: [pod, ...nodes],
    }),
  ).category;

it('blames the taint of the node that a selector fits, which the scheduler does not name', () => {
  const taint = { key: 'pool', value: 'gpu', effect: 'NoSchedule' };
  expect(answer(node('n1', 'a', [taint]), node('n2', 'b', []))).toBe('unschedulable_taint');
  expect(answer(node('n1', 'c', [taint]), node('n2', 'b', []))).toBe('unschedulable_node_selector');
  expect(answer()).toBe('unschedulable_node_selector');
});

it('holds taints that are not named against want of room, and asks the nodes where all are there', () => {
  const message =
    '0/6 nodes are available: 1 Insufficient cpu, 5 node(s) had untolerated taint(s). preemption: 0/6 nodes are available: none.';
  const guess = asked(message);
  expect(guess.category).toBe('unschedulable_insufficient_resource');
  expect(guess.root_cause.description).toContain('1 Insufficient cpu; more have taints, and whether those are meant');
  const nodes = (key: string) =>
    ['1', '2', '3', '4', '5', '6'].map((n) => node(n, 'a', n === '1' ? [] : [{ key, effect: 'NoSchedule' }]));
  const known = asked(message, ...nodes('pool'));
  expect([known.category, known.confidence]).toEqual([guess.category, guess.confidence]);
  expect(asked(message, ...nodes('node-role.kubernetes.io/control-plane')).category).toBe(
    'unschedulable_insufficient_resource',
  );
});
