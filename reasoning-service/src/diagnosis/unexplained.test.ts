import { type Bundle, type BundleObject, Diagnosis, type JsonObject } from '@aetherius/shared/contracts';
import { aBundle } from '@aetherius/shared/testing';
import { describe, expect, it } from '@jest/globals';
import { diagnoseAll } from './diagnose-all.ts';

const at = '2026-01-02T03:04:05.000Z';
const object = (kind: string, name: string, body: JsonObject, namespace: string | null = 'shop'): BundleObject => ({
  id: `${kind}/${name}`,
  kind,
  namespace,
  name,
  body,
});
const bundle = (objects: BundleObject[], more: Partial<Bundle> = {}): Bundle =>
  aBundle({
    at,
    subject: { kind: 'Cluster', namespace: null, name: 'c' },
    objects,
    events: [],
    logs: [],
    changes: [],
    ...more,
  });
const waiting = (name: string, created: string): BundleObject =>
  object('Pod', name, {
    metadata: { uid: name, creationTimestamp: created, ownerReferences: [{ kind: 'StatefulSet', name: 'queue' }] },
    spec: { nodeName: 'n1', containers: [{ name: 'app' }] },
    status: { phase: 'Pending' },
  });
const early = '2026-01-02T02:00:00Z';

describe('what is broken and nothing explains', () => {
  it('is told once per owner, with what shows it and what is missing', () => {
    const all = diagnoseAll(bundle([waiting('queue-0', early), waiting('queue-1', early)]));
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({
      category: 'unknown',
      status: 'abstained',
      subject: { kind: 'StatefulSet', name: 'queue' },
      root_cause: { description: expect.stringContaining('seen in Pod shop/queue-0, Pod shop/queue-1') },
      evidence: expect.arrayContaining([{ id: 'Pod/queue-0', quote: 'status.phase: Pending' }]),
    });
    expect(JSON.stringify(all[0]?.missing_evidence)).toContain('queue');
  });

  it.each([
    [{ waiting: { reason: 'ContainerCreating' } }, 'state.waiting.reason: ContainerCreating', ': ContainerCreating;'],
    [{ terminated: { exitCode: 137 } }, 'state.terminated.exitCode: 137', '.exitCode: 137;'],
    [{}, 'ready: false', '.ready: false;'],
  ])('quotes how a container fares before a phase that a row of a table does not show: %j', (state, quote, words) => {
    const pod = waiting('queue-0', early);
    pod.body['status'] = { phase: 'Running', containerStatuses: [{ name: 'app', ready: false, state }] };
    const [told] = diagnoseAll(bundle([pod]));
    expect(told?.evidence[0]?.quote).toBe(`status.containerStatuses[0].${quote}`);
    expect(told?.root_cause.description).toContain(words);
  });

  it('is not told before the grace of a start is over', () => {
    expect(diagnoseAll(bundle([waiting('queue-0', '2026-01-02T03:03:05Z')]))).toEqual([]);
  });

  it('is not told beside the node that explains it', () => {
    const ready = { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'gone' };
    const node = object('Node', 'n1', { status: { conditions: [ready] } }, null);
    const all = diagnoseAll(bundle([node, waiting('queue-0', early)]));
    expect(all.map(({ category }) => category)).toEqual(['node_not_ready']);
  });

  it('leaves a claim alone whose class waits for the first pod', () => {
    const lazy = object('StorageClass', 'local', { volumeBindingMode: 'WaitForFirstConsumer' }, null);
    const claim = (name: string, storageClassName: string) =>
      object('PersistentVolumeClaim', name, {
        metadata: { creationTimestamp: early },
        spec: { storageClassName },
        status: { phase: 'Pending' },
      });
    const other = object('StorageClass', 'fast', { volumeBindingMode: 'Immediate' }, null);
    const all = diagnoseAll(bundle([lazy, other, claim('idle', 'local'), claim('late', 'fast')]));
    expect(all.map(({ subject }) => subject.name)).toEqual(['late']);
  });

  it('is told of what the bundle is about where the object has no name', () => {
    const nameless = object('DaemonSet', '', { status: { desiredNumberScheduled: 3, numberReady: 0 } });
    const all = diagnoseAll(bundle([nameless]));
    expect(all.map(({ subject }) => subject)).toEqual([{ kind: 'Cluster', namespace: null, name: 'c' }]);
    expect(all[0]?.root_cause.description).toContain('0 of 3 pods are ready');
    expect(all.every((one) => Diagnosis.safeParse(one).success)).toBe(true);
  });

  it.each([
    ['was told to go a moment ago', '2026-01-02T03:04:00Z', 0],
    ['should have gone an hour ago', '2026-01-02T02:04:00Z', 1],
  ])('is told of a pod that is not ready only where it has had its time: it %s', (_, deletionTimestamp, told) => {
    const leaving = object('Pod', 'web-1', {
      metadata: { creationTimestamp: early, deletionTimestamp },
      status: { phase: 'Running', containerStatuses: [{ name: 'app', ready: false, state: { running: {} } }] },
    });
    expect(diagnoseAll(bundle([leaving]))).toHaveLength(told);
  });

  it.each([
    ['every pod serves while some are replaced', 3, 0],
    ['one does not serve', 2, 1],
  ])('is told of a rollout only where a pod does not serve: %s', (_, readyReplicas, told) => {
    const status = { replicas: 3, readyReplicas, updatedReplicas: 2 };
    expect(diagnoseAll(bundle([object('Deployment', 'web', { spec: { replicas: 3 }, status })]))).toHaveLength(told);
  });
});
