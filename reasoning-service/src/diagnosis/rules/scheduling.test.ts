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
