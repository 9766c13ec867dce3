import { describe, expect, it } from '@jest/globals';
import {
  aDeployment,
  ago,
  aNode,
  aPod,
  aReplicaSet,
  container,
  factsOf,
  NOW,
  notReady,
  ownedBy,
} from '../../test/objects.ts';
import type { Pod } from '../kube/objects.ts';
import { fromPod } from './from-pod.ts';

const broken = aDeployment({ status: { readyReplicas: 0, availableReplicas: 0 } });
const look = (pod: Pod, ...more: Parameters<typeof factsOf>) =>
  fromPod(pod, factsOf(broken, aReplicaSet(), pod, ...more), NOW);
const short = (pod: Pod, ...more: Parameters<typeof factsOf>) =>
  look(pod, ...more).map(({ reason, severity, subject, holdMs }) => [
    reason,
    severity,
    `${subject.kind}/${subject.name}`,
    holdMs,
  ]);

const end = (fields: object) => ({
  terminated: { exitCode: 1, reason: 'Error', startedAt: ago(12), finishedAt: ago(10), ...fields },
});
const oom = { exitCode: 137, reason: 'OOMKilled' };

describe('a pod as it reports itself', () => {
  it('is no news while it runs', () => {
    expect(look(aPod())).toEqual([]);
  });

  it('was killed for memory: the same kill is one happening before and after the restart', () => {
    const before = look(aPod({ status: notReady(10), containers: [container({ state: end(oom) })] }));
    const after = look(
      aPod({
        containers: [container({ restartCount: 1, lastState: end(oom), state: { running: { startedAt: ago(9) } } })],
      }),
    );
    expect(before).toMatchObject([
      { reason: 'OOMKilled', severity: 'critical', at: ago(10), subject: { kind: 'Deployment', name: 'cart' } },
    ]);
    expect(after.map(({ identity }) => identity)).toEqual(before.map(({ identity }) => identity));
  });

  it('is told of a kill for memory even though it looks healthy again right after', () => {
    const pod = aPod({
      containers: [container({ restartCount: 1, lastState: end(oom), state: { running: { startedAt: ago(9) } } })],
    });
    expect(fromPod(pod, factsOf(aDeployment(), aReplicaSet(), pod), NOW)).toHaveLength(1);
  });

  it('has left a kill for memory of half an hour ago behind', () => {
    const lastState = end({ ...oom, finishedAt: ago(1800) });
    const pod = aPod({
      containers: [container({ restartCount: 1, lastState, state: { running: { startedAt: ago(1799) } } })],
    });
    expect(fromPod(pod, factsOf(aDeployment(), aReplicaSet(), pod), NOW)).toEqual([]);
  });
});

describe('the containers of a pod', () => {
  it('is in a crash loop by its waiting reason', () => {
    const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' };
    const pod = aPod({
      status: notReady(10),
      containers: [container({ ready: false, restartCount: 2, state: { waiting }, lastState: end({}) })],
    });
    expect(short(pod)).toEqual([['CrashLoopBackOff', 'critical', 'Deployment/cart', 0]]);
  });

  it.each([
    [3, {}, ['ContainerExited']],
    [2, {}, []],
    [3, { exitCode: 0, reason: 'Completed' }, []],
    [9, { startedAt: ago(90_000) }, []],
    [9, { startedAt: ago(4000), finishedAt: ago(3900) }, []],
  ])('after %i restarts and an end like %o it is %o', (restartCount, fields, reasons) => {
    const pod = aPod({ status: notReady(10), containers: [container({ restartCount, state: end(fields) })] });
    expect(look(pod).map(({ reason }) => reason)).toEqual(reasons);
  });

  it.each(['ErrImagePull', 'ImagePullBackOff', 'CreateContainerConfigError', 'RunContainerError'])(
    'waits for good: %s',
    (reason) => {
      const pod = aPod({
        status: { phase: 'Pending', ...notReady(10) },
        containers: [container({ state: { waiting: { reason, message: 'no' } } })],
      });
      expect(short(pod)).toEqual([[reason, 'high', 'Deployment/cart', 0]]);
    },
  );

  it('may wait for its container for a while', () => {
    const pod = aPod({
      status: { phase: 'Pending', ...notReady(10) },
      containers: [container({ state: { waiting: { reason: 'ContainerCreating' } } })],
    });
    expect(short(pod)).toEqual([['ContainerCreating', 'high', 'Deployment/cart', 300_000]]);
  });
});

describe('a pod and its place', () => {
  it('fits nowhere, when that lasts', () => {
    const conditions = [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: '0/3 nodes are available: 3 Insufficient cpu.',
        lastTransitionTime: ago(5),
      },
    ];
    expect(short(aPod({ spec: { nodeName: '' }, status: { phase: 'Pending', conditions }, containers: [] }))).toEqual([
      ['FailedScheduling', 'high', 'Deployment/cart', 10_000],
    ]);
  });

  it.each([
    ['The node had condition: [DiskPressure]. ', 'Node/worker-1'],
    ['The node was low on resource: memory.', 'Node/worker-1'],
    ['Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ', 'Deployment/cart'],
  ])('was evicted: %s', (message, subject) => {
    const status = {
      phase: 'Failed',
      reason: 'Evicted',
      message,
      conditions: [{ type: 'DisruptionTarget', status: 'True', lastTransitionTime: ago(20) }],
    };
    const node = aNode({ DiskPressure: { status: 'True', lastTransitionTime: ago(25) } });
    expect(short(aPod({ status, containers: [] }), node)).toEqual([['Evicted', 'high', subject, 0]]);
  });

  it('leaves evicted pods lie once the node is well again, and after an hour anyway', () => {
    const evicted = (seconds: number) => ({
      phase: 'Failed',
      reason: 'Evicted',
      message: 'The node had condition: [DiskPressure]. ',
      conditions: [{ type: 'DisruptionTarget', status: 'True', lastTransitionTime: ago(seconds) }],
    });
    expect(
      short(aPod({ status: evicted(200), containers: [] }), aNode({ DiskPressure: { lastTransitionTime: ago(100) } })),
    ).toEqual([]);
    const pressed = aNode({ DiskPressure: { status: 'True', lastTransitionTime: ago(8000) } });
    expect(short(aPod({ status: evicted(4000), containers: [] }), pressed)).toEqual([]);
  });
});

describe('a pod that is no fault', () => {
  it('is nobody’s business while it is taken down, or when it ended well', () => {
    const waiting = { state: { waiting: { reason: 'CrashLoopBackOff' } } };
    expect(look(aPod({ metadata: { deletionTimestamp: ago(1) }, containers: [container(waiting)] }))).toEqual([]);
    expect(
      look(
        aPod({ status: { phase: 'Succeeded' }, containers: [container({ state: { terminated: { exitCode: 0 } } })] }),
      ),
    ).toEqual([]);
  });

  it('may fail in a Job, which tells by itself when its tries are used up', () => {
    const pod = aPod({
      metadata: ownedBy('Job', 'nightly'),
      status: { phase: 'Failed' },
      containers: [container({ restartCount: 4, state: end({}) })],
    });
    expect(look(pod)).toEqual([]);
  });
});
