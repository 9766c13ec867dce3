import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { conditionOf } from './conditions.ts';
import { behaviourAnnotation } from './kubelet/behaviour.ts';
import { deploymentOf, startTestCluster, type TestCluster } from './test-cluster.ts';

let run: TestCluster;

beforeEach(() => {
  jest.useFakeTimers();
  run = startTestCluster(jest);
  run.putNamespace('shop');
  for (const name of ['one', 'two']) run.putNode(name);
});

afterEach(() => {
  run.stop();
  jest.useRealTimers();
});

const container = { name: 'app', image: 'shop/web:1' };
const doing = (behaviour: object) => ({ annotations: { [behaviourAnnotation]: JSON.stringify(behaviour) } });

describe('jobs', () => {
  const job = (behaviour: object, spec: object = {}) =>
    run.put({
      kind: 'Job',
      metadata: { name: 'load', namespace: 'shop' },
      spec: {
        ...spec,
        template: { metadata: doing(behaviour), spec: { restartPolicy: 'Never', containers: [container] } },
      },
    });
  const status = () => run.objects.get('Job', 'shop', 'load')?.status;

  it('complete after as many successes as they ask for, a few at a time', async () => {
    job({ exit: { code: 0, after: '5s' } }, { completions: 3, parallelism: 2 });
    await run.advance(60);
    expect(status()).toMatchObject({ succeeded: 3, ready: 0 });
    expect(conditionOf(status()?.conditions, 'Complete')?.status).toBe('True');
    expect(run.events({ reason: 'Completed' })).toMatchObject([{ type: 'Normal', message: 'Job completed' }]);
  });

  it('fail when their retries are used up', async () => {
    job({ exit: { code: 2, after: '1s' } }, { backoffLimit: 1 });
    await run.advance(60);
    expect(status()).toMatchObject({ failed: 2 });
    expect(conditionOf(status()?.conditions, 'Failed')?.reason).toBe('BackoffLimitExceeded');
    expect(run.events({ reason: 'BackoffLimitExceeded' })).toMatchObject([
      { type: 'Warning', message: 'Job has reached the specified backoff limit' },
    ]);
  });
});

describe('stateful sets', () => {
  it('start their pods in order, each with a claim of its own', async () => {
    run.put({ kind: 'StorageClass', metadata: { name: 'standard' }, provisioner: 'example.com/disk' });
    run.put({
      kind: 'StatefulSet',
      metadata: { name: 'db', namespace: 'shop' },
      spec: {
        serviceName: 'db',
        replicas: 2,
        selector: { matchLabels: { app: 'db' } },
        template: { metadata: { labels: { app: 'db' } }, spec: { containers: [container] } },
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { storageClassName: 'standard' } }],
      },
    });
    await run.advance(60);
    const order = run.events({ reason: 'SuccessfulCreate', kind: 'StatefulSet' }).map(({ message }) => message);
    expect(order).toEqual([
      'create Pod db-0 in StatefulSet db successful',
      'create Pod db-1 in StatefulSet db successful',
    ]);
    const claims = run.objects
      .list('PersistentVolumeClaim', 'shop')
      .map(({ metadata, status }) => [metadata.name, status?.phase]);
    expect(claims).toEqual([
      ['data-db-0', 'Bound'],
      ['data-db-1', 'Bound'],
    ]);
    expect(run.objects.get('StatefulSet', 'shop', 'db')?.status).toMatchObject({ readyReplicas: 2 });
  });
});

describe('daemon sets', () => {
  it('run on each node, also on one that joins later', async () => {
    run.put({
      kind: 'DaemonSet',
      metadata: { name: 'logs', namespace: 'shop' },
      spec: {
        selector: { matchLabels: { app: 'logs' } },
        template: { metadata: { labels: { app: 'logs' } }, spec: { containers: [container] } },
      },
    });
    await run.advance(20);
    run.putNode('three');
    await run.advance(20);
    expect(run.pods('shop').map(({ spec }) => spec.nodeName)).toEqual(['one', 'two', 'three']);
    expect(run.objects.get('DaemonSet', 'shop', 'logs')?.status).toMatchObject({
      numberReady: 3,
      desiredNumberScheduled: 3,
    });
  });
});

describe('a container that keeps ending', () => {
  it('shows the end of its last run first, then that it is held back, and keeps both logs', async () => {
    run.put(
      deploymentOf('web', {
        replicas: 1,
        ...doing({ logs: ['hello'], exit: { code: 1, after: '2s', logs: ['bye'] } }),
      }),
    );
    const shown = new Set<string>();
    run.store.subscribe(({ object }) => {
      if (object.kind !== 'Pod') return;
      const [state] = run.pods('shop').map(({ status }) => status?.containerStatuses?.[0]?.state);
      if (state === undefined) return;
      shown.add(state.waiting?.reason ?? (state.terminated === undefined ? 'running' : 'terminated'));
    });
    await run.advance(90);
    expect([...shown]).toEqual(['ContainerCreating', 'running', 'terminated', 'CrashLoopBackOff']);
    const pod = run.pods('shop')[0]?.metadata.name ?? '';
    const log = run.cluster.readLog({ namespace: 'shop', pod, container: 'app', previous: true });
    expect(log?.map((line) => line.replace(/^\S+ /, ''))).toEqual(['hello', 'bye']);
    expect(run.cluster.readLog({ namespace: 'shop', pod, container: 'other', previous: false })).toBeUndefined();
  });
});

it('a volume without its ConfigMap is tried again until it is there', async () => {
  const pod = { volumes: [{ name: 'conf', configMap: { name: 'conf' } }] };
  run.put(deploymentOf('web', { replicas: 1, pod }));
  await run.advance(60);
  expect(run.events({ reason: 'FailedMount' })).toMatchObject([
    { type: 'Warning', message: 'MountVolume.SetUp failed for volume "conf" : configmap "conf" not found' },
  ]);
  run.put({ kind: 'ConfigMap', metadata: { name: 'conf', namespace: 'shop' } });
  await run.advance(150);
  expect(run.objects.get('Deployment', 'shop', 'web')?.status?.availableReplicas).toBe(1);
});

it('a deleted pod is stopped gracefully and replaced', async () => {
  run.put(deploymentOf('web', { replicas: 1 }));
  await run.advance(30);
  const [pod] = run.pods('shop');
  if (pod === undefined) throw new Error('no pod');
  expect(run.cluster.endsPods({ namespace: 'shop', name: pod.metadata.name })).toBe(true);
  run.objects.remove(pod, 30);
  await run.advance(0.5);
  expect(run.pods('shop').map(({ metadata }) => metadata.deletionTimestamp !== undefined)).toEqual([true, false]);
  await run.advance(30);
  expect(run.pods('shop')).toHaveLength(1);
  expect(run.events({ reason: 'Killing' })).toMatchObject([{ message: 'Stopping container app' }]);
});

it('events that nobody adds to are forgotten after an hour', async () => {
  run.put(deploymentOf('web', { replicas: 1 }));
  await run.advance(30);
  expect(run.events({ reason: 'SuccessfulCreate' })).toHaveLength(1);
  await run.advance(4500);
  expect(run.events({ reason: 'SuccessfulCreate' })).toEqual([]);
});

it('a faster cluster waits less but keeps wall time', async () => {
  run.stop();
  run = startTestCluster(jest, { speed: 100 });
  run.putNamespace('shop');
  run.putNode('one');
  const before = Date.now();
  run.put(deploymentOf('web', { replicas: 1, ...doing({ exit: { code: 1, after: '2s' } }) }));
  await run.advance(5);
  const status = run.pods('shop')[0]?.status;
  expect(status?.containerStatuses?.[0]?.restartCount).toBeGreaterThan(4);
  expect(Date.parse(status?.startTime ?? '') - before).toBeLessThan(5000);
});
