import { describe, expect, it } from '@jest/globals';
import {
  aClaim,
  aDeployment,
  ago,
  aJob,
  aNode,
  aPod,
  aReplicaSet,
  aService,
  aSlice,
  container,
  factsOf,
  NOW,
  notReady,
} from '../../test/objects.ts';
import type { HeldObject } from '../kube/objects.ts';
import { assess } from './assess.ts';

const look = (object: HeldObject, ...around: HeldObject[]) => assess(object, factsOf(object, ...around), NOW);
const short = (object: HeldObject, ...around: HeldObject[]) =>
  look(object, ...around).map(({ signal, reason, severity, holdMs }) => [signal, reason, severity, holdMs]);

describe('workloads', () => {
  it('a Deployment is cleared when all of it is there and its pods are well, for a while', () => {
    expect(look(aDeployment(), aReplicaSet(), aPod())).toMatchObject([
      {
        signal: 'clear',
        reason: 'WorkloadAvailable',
        at: ago(240),
        holdMs: 10_000,
        subject: { kind: 'Deployment', name: 'cart' },
      },
    ]);
  });

  it('longer when a container ended badly before', () => {
    const lastState = { terminated: { exitCode: 1, reason: 'Error', finishedAt: ago(30) } };
    const pod = aPod({
      containers: [container({ lastState, restartCount: 1, state: { running: { startedAt: ago(29) } } })],
    });
    expect(look(aDeployment(), aReplicaSet(), pod)).toMatchObject([{ signal: 'clear', at: ago(29), holdMs: 120_000 }]);
  });

  it.each([
    ['not all are available', aDeployment({ status: { availableReplicas: 0 } }), aPod()],
    ['old ones are still there', aDeployment({ status: { replicas: 2 } }), aPod()],
    ['the newest wish was not seen yet', aDeployment({ metadata: { generation: 2 } }), aPod()],
    ['a pod is not ready', aDeployment(), aPod({ status: notReady(5) })],
    [
      'a container waits',
      aDeployment(),
      aPod({ containers: [container({ state: { waiting: { reason: 'ImagePullBackOff' } } })] }),
    ],
  ])('not when %s', (_, deployment, pod) => {
    expect(look(deployment, aReplicaSet(), pod)).toEqual([]);
  });

  it('a pod that an owner answers for, and a ReplicaSet, are not cleared for themselves', () => {
    expect([look(aPod(), aDeployment(), aReplicaSet()), look(aReplicaSet(), aDeployment())]).toEqual([[], []]);
  });
});

describe('the conditions of workloads', () => {
  it('a stuck rollout and refused pods are told from conditions', () => {
    const conditions = [
      {
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: 'has timed out progressing',
        lastTransitionTime: ago(9),
      },
      {
        type: 'ReplicaFailure',
        status: 'True',
        reason: 'FailedCreate',
        message: 'exceeded quota: compute',
        lastTransitionTime: ago(9),
      },
    ];
    expect(short(aDeployment({ status: { readyReplicas: 0, conditions } }))).toEqual([
      ['fault', 'FailedCreate', 'high', 2_000],
      ['fault', 'ProgressDeadlineExceeded', 'high', 0],
    ]);
  });

  it('a rollout that is stuck because its pod waits for a claim is the fault of the claim', () => {
    const progressing = {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'has timed out progressing',
      lastTransitionTime: ago(9),
    };
    const message = '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.';
    const pod = aPod({
      spec: { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }] },
      status: {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
      },
    });
    const deployment = aDeployment({ status: { readyReplicas: 0, conditions: [progressing] } });
    const faults = look(deployment, aReplicaSet(), pod, aClaim()).filter(({ signal }) => signal === 'fault');
    expect(faults.map(({ reason, subject }) => [reason, subject.kind, subject.name])).toEqual([
      ['ProgressDeadlineExceeded', 'PersistentVolumeClaim', 'data'],
    ]);
  });

  it('a rollout that goes its way is no fault', () => {
    const conditions = [
      { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', lastTransitionTime: ago(9) },
    ];
    expect(look(aDeployment({ status: { updatedReplicas: 0, conditions } }))).toEqual([]);
  });

  it('a Job that ended well is well, one that used up its tries is not, and long ago is long ago', () => {
    const ended = (type: string, seconds: number) => ({
      conditions: [
        {
          type,
          status: 'True',
          reason: type === 'Failed' ? 'BackoffLimitExceeded' : 'CompletionsReached',
          lastTransitionTime: ago(seconds),
        },
      ],
    });
    expect(short(aJob({ status: ended('Complete', 9) }))).toEqual([['clear', 'JobComplete', 'low', 10_000]]);
    expect(short(aJob({ status: ended('Failed', 9) }))).toEqual([['fault', 'BackoffLimitExceeded', 'high', 0]]);
    expect(short(aJob({ status: ended('Failed', 9000) }))).toEqual([]);
  });
});

describe('nodes', () => {
  it.each(['Unknown', 'False'])('Ready %s is critical', (status) => {
    expect(short(aNode({ Ready: { status, message: 'Kubelet stopped posting node status.' } }))).toEqual([
      ['fault', 'NodeNotReady', 'critical', 0],
    ]);
  });

  it('pressure is told beside readiness', () => {
    expect(short(aNode({ DiskPressure: { status: 'True' }, MemoryPressure: { status: 'True' } }))).toEqual([
      ['fault', 'NodeHasDiskPressure', 'high', 0],
      ['fault', 'NodeHasInsufficientMemory', 'high', 0],
    ]);
  });

  it('a node that has just joined may be unready for a while', () => {
    const joined = aNode({ Ready: { status: 'False' } }, { creationTimestamp: ago(30) });
    expect(short(joined)).toEqual([['fault', 'NodeNotReady', 'critical', 90_000]]);
  });

  it('is cleared when ready and under no pressure, by the last change', () => {
    expect(look(aNode({ DiskPressure: { lastTransitionTime: ago(50) } }))).toMatchObject([
      { reason: 'NodeReady', at: ago(50) },
    ]);
  });
});

describe('claims', () => {
  it('a lost volume is told, a waiting claim when a pod waits with it', () => {
    const waiting = aPod({ spec: { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }] } });
    expect(short(aClaim({ status: { phase: 'Lost' } }))).toEqual([['fault', 'ClaimLost', 'high', 0]]);
    expect(short(aClaim(), waiting)).toEqual([['fault', 'ClaimPending', 'medium', 60_000]]);
    expect(short(aClaim())).toEqual([]);
    expect(short(aClaim({ status: { phase: 'Bound' } }))).toEqual([['clear', 'ClaimBound', 'low', 10_000]]);
  });
});

describe('Services', () => {
  const other = aPod({ metadata: { labels: { app: 'card' } } });

  it('a selector that finds nothing beside pods is told when it lasts', () => {
    expect(short(aService(), other)).toEqual([['fault', 'SelectorMatchesNothing', 'high', 10_000]]);
  });

  it('each time anew, which the count of address changes tells apart', () => {
    const [first] = look(aService(), other, aSlice(0, 2));
    const [second] = look(aService(), other, aSlice(0, 4));
    expect(first?.identity).not.toEqual(second?.identity);
  });

  it.each([
    ['a pod fits', [aPod()]],
    ['a workload that is scaled to nothing fits', [other, aDeployment({ spec: { replicas: 0 } })]],
    ['there is no pod at all', []],
  ])('not when %s', (_, around) => {
    expect(look(aService(), ...around)).toEqual([]);
  });

  it('not when it selects nothing on purpose', () => {
    expect(look(aService({ spec: { type: 'ExternalName' } }), other)).toEqual([]);
    expect(look(aService({ spec: { selector: {} } }), other)).toEqual([]);
  });

  it('is cleared when an address behind it serves', () => {
    expect(short(aService(), aPod(), aSlice(1))).toEqual([['clear', 'ServiceHasEndpoints', 'low', 10_000]]);
    expect(look(aService(), aPod(), aSlice(0))).toEqual([]);
  });
});
