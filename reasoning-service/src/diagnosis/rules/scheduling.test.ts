import type { Bundle, JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';
import { diagnoseAll } from '../diagnose-all.ts';

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

describe('a pod whose only place is on a node that fares ill', () => {
  const ill = (condition: string, taint: string, name = 'n1') =>
    object('Node', name, {
      metadata: { labels: { host: name } },
      spec: { taints: [{ key: `node.kubernetes.io/${taint}`, effect: 'NoSchedule' }] },
      status: {
        conditions: [
          { type: 'Ready', status: condition === 'Ready' ? 'Unknown' : 'True' },
          ...(condition === 'Ready' ? [] : [{ type: condition, status: 'True', reason: `KubeletHas${condition}` }]),
        ],
      },
    });
  const well = object('Node', 'n2', { status: { conditions: [{ type: 'Ready', status: 'True' }] } });
  const holder = object('Pod', 'cart-1', {
    spec: {
      containers: [{ name: 'app', image: 'cart:1' }],
      volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'd-cart-1' } }],
    },
    status: { phase: 'Pending' },
  });
  const claim = object('PersistentVolumeClaim', 'd-cart-1', {
    ...{ spec: { volumeName: 'pv-7' }, status: { phase: 'Bound' } },
  });
  const volumeOn = (host: string): Bundle['objects'][number] => ({
    ...{ id: 'object:PersistentVolume/_/pv-7', kind: 'PersistentVolume', namespace: null, name: 'pv-7' },
    body: {
      spec: {
        nodeAffinity: {
          required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'host', operator: 'In', values: [host] }] }] },
        },
      },
      status: { phase: 'Bound' },
    },
  });
  const told = (message: string, ...objects: Bundle['objects']) =>
    diagnoseAll(
      aBundle({
        ...{ at, logs: [], changes: [], events: [{ ...refusal, message }], objects: [...objects, holder, well] },
        subject: { kind: 'Cluster', namespace: null, name: 'c' },
      }),
    )
      .map(({ category }) => category)
      .toSorted();
  const refused = (taint: string, why = 'node(s) had volume node affinity conflict') =>
    `0/2 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/${taint}: }, 1 ${why}. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.`;

  it.each([
    ['MemoryPressure', 'memory-pressure', 'node_memory_pressure'],
    ['PIDPressure', 'pid-pressure', 'node_pid_pressure'],
    ['DiskPressure', 'disk-pressure', 'node_disk_pressure_eviction'],
    ['Ready', 'unreachable', 'node_not_ready'],
    ['Ready', 'not-ready', 'node_not_ready'],
  ])('is a symptom of %s (%s)', (condition, taint, category) => {
    expect(told(refused(taint), ill(condition, taint))).toEqual([category]);
    expect(told(refused(taint), ill(condition, taint), claim, volumeOn('n1'))).toEqual([category]);
    expect(told(refused(taint, "node(s) didn't match pod anti-affinity rules"), ill(condition, taint))).toEqual([
      category,
    ]);
  });

  it.each([
    ['its volume is told to lie elsewhere', refused('unreachable'), [claim, volumeOn('n9')]],
    ['no room is left elsewhere', refused('unreachable', 'Insufficient memory'), []],
    ['the node that fares ill has another taint than that', refused('disk-pressure'), []],
    ['the node is closed and not ill', refused('unschedulable'), []],
  ])('is a fault of its own where %s', (_, message, objects) => {
    expect(told(message, ill('Ready', 'unreachable'), ...objects)).toHaveLength(2);
  });

  it('is one where no node is told to fare ill', () => {
    expect(told(refused('unreachable'))).toEqual(['unschedulable_volume_affinity']);
  });
});

it('says of no more nodes than the scheduler does what keeps a pod off', () => {
  const words = (reasons: string) =>
    asked(`0/6 nodes are available: ${reasons}. preemption: 0/6 nodes are available: none.`).root_cause.description;
  expect(words('4 Insufficient cpu, 2 node(s) had untolerated taint {team: maps}')).toBe(
    'none of 6 nodes can take the pod: Insufficient cpu (4 of them)',
  );
  expect(words('6 Insufficient cpu')).toBe('none of 6 nodes can take the pod: Insufficient cpu');
});
