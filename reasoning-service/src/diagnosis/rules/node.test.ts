import type { Bundle, JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../diagnose.ts';
import { diagnoseAll } from '../diagnose-all.ts';

const object = (kind: string, name: string, body: JsonObject): Bundle['objects'][number] => {
  const namespace = kind === 'Node' ? null : 'shop';
  return { id: `object:${kind}/${namespace ?? '_'}/${name}`, kind, namespace, name, body };
};
const node = (name: string, status: string) =>
  object('Node', name, {
    status: {
      conditions: [{ type: 'Ready', status, reason: status === 'True' ? 'KubeletReady' : 'NodeStatusUnknown' }],
    },
  });
const at = '2026-01-02T03:04:05.000Z';
const cart = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const about = (parts: Partial<Bundle>): Bundle => aBundle({ at, subject: cart, logs: [], changes: [], ...parts });

describe('a node', () => {
  it.each(['n1', 'n2'])('%s is not blamed for a pod without a place that does not even lie on it', (down) => {
    const pod = object('Pod', 'cart-1', { spec: { containers: [{ name: 'app', image: 'cart:1' }] }, status: {} });
    const refused: Bundle['events'][number] = {
      ...{ id: 'event:1', type: 'Warning', reason: 'FailedScheduling', component: 'default-scheduler', count: 3 },
      message:
        '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s). preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
      ...{ kind: 'Pod', namespace: 'shop', name: 'cart-1', first_timestamp: at, last_timestamp: at },
    };
    const nodes = ['n1', 'n2'].map((name) => node(name, name === down ? 'Unknown' : 'True'));
    expect(diagnose(about({ objects: [pod, ...nodes], events: [refused] }))).toMatchObject({
      category: 'unschedulable_insufficient_resource',
      recommendations: [],
    });
  });

  it('is blamed for the pods that it carries when it is gone', () => {
    const pod = object('Pod', 'cart-1', { spec: { nodeName: 'n1', containers: [] }, status: {} });
    expect(diagnose(about({ objects: [node('n1', 'Unknown'), pod], events: [] })).category).toBe('node_not_ready');
  });
});

describe('a namespace', () => {
  it('is not told of a node that carries none of its pods before it is told of its own fault', () => {
    const pod = object('Pod', 'cart-1', {
      spec: { nodeName: 'n2', containers: [{ name: 'app', image: 'cart:1' }] },
      status: {
        phase: 'Pending',
        containerStatuses: [{ name: 'app', state: { waiting: { reason: 'InvalidImageName' } } }],
      },
    });
    const objects = [node('n1', 'Unknown'), node('n2', 'True'), pod];
    const subject = { kind: 'Namespace', namespace: null, name: 'shop' };
    expect(diagnose(about({ subject, objects, events: [] })).category).toBe('image_pull_failure');
    const lost = { ...pod, body: { ...pod.body, spec: { nodeName: 'n1', containers: [{ name: 'app' }] } } };
    expect(diagnose(about({ subject, objects: [...objects.slice(0, 2), lost], events: [] })).category).toBe(
      'node_not_ready',
    );
  });
});

describe('pods that pass their own limit of disk', () => {
  const put = (name: string) =>
    object('Pod', name, {
      metadata: { ownerReferences: [{ kind: 'ReplicaSet', name: 'cart-1' }] },
      status: {
        phase: 'Failed',
        reason: 'Evicted',
        message: 'Pod ephemeral local storage usage exceeds the total limit of containers 4Mi.',
      },
    });
  const set = object('ReplicaSet', 'cart-1', { metadata: { ownerReferences: [{ kind: 'Deployment', name: 'cart' }] } });

  it('are one fault, however often their controller makes them anew', () => {
    const bundle = about({ objects: [set, put('cart-1-a'), put('cart-1-b'), put('cart-1-c')], events: [] });
    const found = diagnoseAll(bundle).map(({ category, subject }) => `${category} ${subject.kind}/${subject.name}`);
    expect(found).toEqual(['node_disk_pressure_eviction Pod/cart-1-a']);
  });

  it('are named while they still run, but not for one that was made later under the same name', () => {
    const told: Bundle['events'][number] = {
      ...{ id: 'event:1', type: 'Warning', reason: 'Evicted', component: 'kubelet', count: 1 },
      message: 'Pod ephemeral local storage usage exceeds the total limit of containers 4Mi.',
      ...{ kind: 'Pod', namespace: 'shop', name: 'cart-0', first_timestamp: at, last_timestamp: at },
    };
    const running = (creationTimestamp: string) =>
      object('Pod', 'cart-0', {
        metadata: { creationTimestamp },
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      });
    const answer = (made: string) => diagnose(about({ objects: [running(made)], events: [told] })).category;
    expect(answer('2026-01-02T03:03:50Z')).toBe('node_disk_pressure_eviction');
    expect(answer('2026-01-02T03:04:30Z')).toBe('no_incident');
  });
});
