import { describe, expect, it } from '@jest/globals';
import {
  aClaim,
  aDeployment,
  ago,
  aNode,
  anEventOf,
  aPod,
  aReplicaSet,
  container,
  factsOf,
  NOW,
  notReady,
} from '../../test/objects.ts';
import { fromEvent, urgencyOf } from './from-event.ts';

const broken = aDeployment({ status: { readyReplicas: 0, availableReplicas: 0 } });
const sick = aPod({ status: notReady(20), containers: [container({ ready: false })] });
const facts = factsOf(broken, aReplicaSet(), sick, aNode());
const read = (event: ReturnType<typeof anEventOf>, known = facts) => fromEvent(event, known, NOW);
const short = (event: ReturnType<typeof anEventOf>, known = facts) =>
  read(event, known).map(({ reason, severity, subject, holdMs }) => [
    reason,
    severity,
    `${subject.kind}/${subject.name}`,
    holdMs,
  ]);

const deployment = 'Deployment/cart';

describe('Events about pods', () => {
  it.each([
    ['BackOff', 'Warning', 'Back-off restarting failed container app in pod cart', 'CrashLoopBackOff', 'critical'],
    ['BackOff', 'Normal', 'Back-off pulling image "cart:9"', 'ImagePullBackOff', 'high'],
    ['Failed', 'Warning', 'Failed to pull image "cart:9": rpc error: code = NotFound', 'ErrImagePull', 'high'],
    ['Failed', 'Warning', 'Error: ImagePullBackOff', 'ImagePullBackOff', 'high'],
    ['Failed', 'Warning', 'Error: configmap "settings" not found', 'CreateContainerConfigError', 'high'],
    ['Failed', 'Warning', "Error: couldn't find key password in Secret shop/db", 'CreateContainerConfigError', 'high'],
    ['Failed', 'Warning', 'Error: failed to create containerd task: exec: "x": not found', 'Failed', 'high'],
    ['Killing', 'Normal', 'Container app failed liveness probe, will be restarted', 'LivenessProbeFailed', 'high'],
  ])('%s (%s) "%s" is %s', (reason, type, message, meant, severity) => {
    expect(short(anEventOf({ reason, type, message }))).toEqual([[meant, severity, deployment, 0]]);
  });

  it.each([
    ['Killing', 'Stopping container app'],
    ['Pulled', 'Successfully pulled image'],
    ['Scheduled', 'Successfully assigned shop/cart to worker-1'],
  ])('%s is daily work', (reason, message) => {
    expect(read(anEventOf({ reason, type: 'Normal', message }))).toEqual([]);
  });
});

describe('Events whose count decides', () => {
  it.each([
    ['Liveness probe failed: HTTP 404', 1, []],
    ['Liveness probe failed: HTTP 404', 2, ['LivenessProbeFailed high']],
    ['Readiness probe failed: HTTP 503', 2, []],
    ['Readiness probe failed: HTTP 503', 3, ['ReadinessProbeFailed medium']],
    ['Readiness probe failed: HTTP 503', 10, ['ReadinessProbeFailed high']],
    ['Startup probe failed: HTTP 503', 2, []],
  ])('%s, %i times: %o', (message, count, meant) => {
    const told = read(anEventOf({ reason: 'Unhealthy', message, count }));
    expect(told.map(({ reason, severity }) => `${reason} ${severity}`)).toEqual(meant);
  });

  it.each(['constructor', '__proto__', 'toString'])(
    'the reason %s, which anybody may write, is only a word',
    (reason) => {
      expect(read(anEventOf({ reason, type: 'Warning', message: 'x' })).map((told) => told.reason)).toEqual([reason]);
    },
  );

  it('a volume may be late once, not three times', () => {
    const message = 'MountVolume.SetUp failed for volume "x" : secret "db" not found';
    expect(short(anEventOf({ reason: 'FailedMount', message, count: 1 }))).toEqual([
      ['FailedMount', 'high', deployment, 15_000],
    ]);
    expect(short(anEventOf({ reason: 'FailedMount', message, count: 3 }))).toEqual([
      ['FailedMount', 'high', deployment, 0],
    ]);
  });

  it('reads a scheduler, which fills other fields: writer, time and count', () => {
    const pending = aPod({ spec: { nodeName: '' }, status: { phase: 'Pending', conditions: [] }, containers: [] });
    delete pending.spec.nodeName;
    const event = anEventOf({
      reason: 'FailedScheduling',
      message: '0/3 nodes are available: 3 Insufficient cpu.',
      source: {},
      reportingComponent: 'default-scheduler',
      firstTimestamp: null,
      lastTimestamp: null,
      count: null,
      eventTime: '2026-01-02T03:09:50.123456Z',
      series: { count: 4, lastObservedTime: '2026-01-02T03:09:58.654321Z' },
    });
    expect(read(event, factsOf(broken, aReplicaSet(), pending))).toMatchObject([
      {
        source: 'default-scheduler',
        count: 4,
        at: '2026-01-02T03:09:58.654321Z',
        holdMs: 10_000,
        identity: ['e-1', 4, '2026-01-02T03:09:58.654321Z'],
      },
    ]);
    expect(read(event)).toEqual([]);
  });
});

describe('Events about pods that are going or gone', () => {
  it('of a lost node are the node’s, even while the pods are taken down', () => {
    const going = aPod({ metadata: { deletionTimestamp: ago(1) } });
    const known = factsOf(broken, aReplicaSet(), going);
    expect(
      short(
        anEventOf({ reason: 'NodeNotReady', message: 'Node is not ready', source: { component: 'node-controller' } }),
        known,
      ),
    ).toEqual([['NodeNotReady', 'critical', 'Node/worker-1', 0]]);
    const marked = {
      reason: 'TaintManagerEviction',
      type: 'Normal',
      message: 'Marking for deletion Pod shop/cart',
      source: { component: 'taint-eviction-controller' },
    };
    expect(short(anEventOf(marked), known)).toEqual([['TaintManagerEviction', 'high', 'Node/worker-1', 0]]);
    expect(short(anEventOf({ reason: 'BackOff', message: 'Back-off restarting failed container' }), known)).toEqual([]);
  });

  it('are over when the pod is gone, ready since, or an hour has passed', () => {
    const event = { reason: 'BackOff', message: 'Back-off restarting failed container' };
    expect(read(anEventOf(event), factsOf(broken))).toEqual([]);
    expect(read(anEventOf({ ...event, lastTimestamp: ago(260) }), factsOf(broken, aReplicaSet(), aPod()))).toEqual([]);
    expect(read(anEventOf({ ...event, lastTimestamp: ago(3700) }))).toEqual([]);
  });
});

describe('Events about other things', () => {
  it('NodeNotReady is critical though Normal, and the node’s uid is looked up', () => {
    const event = anEventOf(
      {
        reason: 'NodeNotReady',
        type: 'Normal',
        message: 'Node worker-1 status is now: NodeNotReady',
        source: { component: 'node-controller' },
      },
      { kind: 'Node', name: 'worker-1', namespace: '', uid: 'worker-1' },
    );
    const down = aNode({ Ready: { status: 'Unknown', lastTransitionTime: ago(6) } });
    expect(read(event, factsOf(down))).toMatchObject([
      {
        reason: 'NodeNotReady',
        severity: 'critical',
        object: { uid: 'u-worker-1' },
        subject: { kind: 'Node', namespace: null, name: 'worker-1' },
      },
    ]);
    expect(read(event, factsOf(aNode({ Ready: { lastTransitionTime: ago(2) } })))).toEqual([]);
  });

  it('a quota that is used up is the Deployment’s, when it lasts', () => {
    const message = 'Error creating: pods "cart-5d9c-" is forbidden: exceeded quota: compute';
    const event = anEventOf(
      { reason: 'FailedCreate', message, source: { component: 'replicaset-controller' } },
      { kind: 'ReplicaSet', name: 'cart-5d9c', uid: 'u-cart-5d9c', apiVersion: 'apps/v1' },
    );
    expect(short(event)).toEqual([['FailedCreate', 'high', deployment, 2_000]]);
  });
});

describe('Events about claims, strangers and news', () => {
  it('a missing class is the claim’s, until it is bound', () => {
    const event = anEventOf(
      {
        reason: 'ProvisioningFailed',
        message: 'storageclass.storage.k8s.io "fast" not found',
        source: { component: 'persistentvolume-controller' },
      },
      { kind: 'PersistentVolumeClaim', name: 'data', uid: 'u-data' },
    );
    expect(short(event, factsOf(aClaim()))).toEqual([
      ['ProvisioningFailed', 'high', 'PersistentVolumeClaim/data', 2_000],
    ]);
    expect(short(event, factsOf(aClaim({ status: { phase: 'Bound' } })))).toEqual([]);
  });

  it('a Warning nobody knows is recorded without alarm; the trace of a rollout is kept as news', () => {
    const strange = anEventOf(
      { reason: 'ReconcileError', message: 'no', source: { component: 'some-operator' } },
      { kind: 'Database', name: 'main', uid: 'u-db' },
    );
    expect(short(strange)).toEqual([['ReconcileError', 'medium', 'Database/main', 0]]);
    const scaled = anEventOf(
      { reason: 'ScalingReplicaSet', type: 'Normal', message: 'Scaled up replica set cart-5d9c to 1' },
      { kind: 'Deployment', name: 'cart', uid: 'u-cart' },
    );
    expect(read(scaled)).toMatchObject([{ signal: 'info', severity: 'low' }]);
  });

  it('two Events of one second are two happenings, one Event read twice is one', () => {
    const first = read(anEventOf({ reason: 'Failed', message: 'Error: ErrImagePull' }));
    const again = read(anEventOf({ reason: 'Failed', message: 'Error: ErrImagePull' }));
    const other = read(
      anEventOf({ reason: 'Failed', message: 'Error: ErrImagePull', metadata: { name: 'x', uid: 'e-2' } }),
    );
    expect(again[0]?.identity).toEqual(first[0]?.identity);
    expect(other[0]?.identity).not.toEqual(first[0]?.identity);
  });
});

describe('how an Event is looked at', () => {
  const unready = { reason: 'Unhealthy', message: 'Readiness probe failed: HTTP 503', count: 3 };

  it('is at once when no evidence goes with it and its object is known', () => {
    expect(urgencyOf(anEventOf(unready), facts)).toBe('at_once');
  });

  it.each([
    ['its object is not here yet', unready, factsOf()],
    ['evidence is gathered for it', { reason: 'BackOff', message: 'Back-off restarting failed container app' }, facts],
  ])('is with what settles meanwhile when %s', (_when, event, known) => {
    expect(urgencyOf(anEventOf(event), known)).toBe('settled');
  });

  it('is never when it is daily work', () => {
    expect(urgencyOf(anEventOf({ reason: 'Pulled', type: 'Normal', message: 'pulled' }), facts)).toBe('never');
  });
});
