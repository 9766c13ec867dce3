import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { conditionOf } from '../conditions.ts';
import { behaviourAnnotation } from '../kubelet/behaviour.ts';
import { isActive, isReady } from '../pod-state.ts';
import { deploymentOf, startTestCluster, type TestCluster } from '../test-cluster.ts';
import type { Deployment, ReplicaSet } from '../types.ts';

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

function web(): Deployment {
  const found = run.objects.get('Deployment', 'shop', 'web');
  if (found === undefined) throw new Error('no deployment web');
  return found;
}

const change = (edit: (draft: Deployment) => void) => run.objects.mutate(web(), edit);
const setImage = (image: string) =>
  change(({ spec }) => {
    for (const container of spec.template.spec.containers) container.image = image;
  });
const sets = (): ReplicaSet[] => run.objects.list('ReplicaSet', 'shop');
const progressing = () => conditionOf(web().status?.conditions, 'Progressing');

describe('a rolling update', () => {
  it('stays within its bounds the whole time and ends with the new pods alone', async () => {
    run.put(deploymentOf('web', { replicas: 4, container: { readinessProbe: { httpGet: { port: 80 } } } }));
    await run.advance(60);
    const seen: { total: number; ready: number }[] = [];
    run.store.subscribe(() => {
      const total = sets().reduce((sum, { spec }) => sum + (spec.replicas ?? 0), 0);
      seen.push({ total, ready: run.pods('shop').filter((pod) => isActive(pod) && isReady(pod)).length });
    });
    setImage('shop/web:2');
    await run.advance(120);
    expect(Math.max(...seen.map(({ total }) => total))).toBe(5);
    expect(Math.min(...seen.map(({ ready }) => ready))).toBe(3);
    expect(run.pods('shop').map(({ spec }) => spec.containers[0]?.image)).toEqual(Array(4).fill('shop/web:2'));
    expect(progressing()).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
    expect(run.events({ reason: 'ScalingReplicaSet' }).map(({ message }) => message)[0]).toMatch(
      /^Scaled up replica set web-[0-9a-z]+ from 0 to 4$/,
    );
  });

  it('rolled back, uses the old replica set again and gives it the next revision', async () => {
    run.put(deploymentOf('web'));
    await run.advance(30);
    const [first] = sets();
    setImage('shop/web:2');
    await run.advance(30);
    setImage('shop/web:1');
    await run.advance(30);
    expect(sets()).toHaveLength(2);
    const again = sets().find(({ metadata }) => metadata.uid === first?.metadata.uid);
    expect(again?.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
      'deployment.kubernetes.io/desired-replicas': '2',
    });
    expect(again?.spec.replicas).toBe(2);
  });

  it('forgets empty replica sets beyond the history limit', async () => {
    run.put(deploymentOf('web', { spec: { revisionHistoryLimit: 1 } }));
    for (const tag of ['1', '2', '3', '4']) {
      setImage(`shop/web:${tag}`);
      await run.advance(60);
    }
    expect(sets()).toHaveLength(2);
  });

  it('reports a missed deadline as a condition, not as an event, and recovers', async () => {
    run.put(deploymentOf('web', { image: 'shop/web:does-not-exist', spec: { progressDeadlineSeconds: 60 } }));
    await run.advance(70);
    expect(progressing()).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
    expect(run.events({ reason: 'ProgressDeadlineExceeded' })).toEqual([]);
    setImage('shop/web:1');
    await run.advance(60);
    expect(progressing()?.reason).toBe('NewReplicaSetAvailable');
  });
});

describe('other strategies and states', () => {
  it('Recreate lets all old pods end before a new one starts', async () => {
    run.put(deploymentOf('web', { spec: { strategy: { type: 'Recreate' } } }));
    await run.advance(30);
    let mixed = false;
    run.store.subscribe(() => {
      mixed ||= new Set(run.pods('shop').map(({ spec }) => spec.containers[0]?.image)).size > 1;
    });
    setImage('shop/web:2');
    await run.advance(60);
    expect(mixed).toBe(false);
    expect(run.pods('shop').map(({ spec }) => spec.containers[0]?.image)).toEqual(['shop/web:2', 'shop/web:2']);
  });

  it('a paused deployment scales but does not roll out', async () => {
    run.put(deploymentOf('web'));
    await run.advance(30);
    change(({ spec }) => {
      spec.paused = true;
      spec.replicas = 3;
      for (const container of spec.template.spec.containers) container.image = 'shop/web:2';
    });
    await run.advance(60);
    expect(run.pods('shop').map(({ spec }) => spec.containers[0]?.image)).toEqual(Array(3).fill('shop/web:1'));
  });

  it('scaled down, gives up pods that are not ready first', async () => {
    run.put(
      deploymentOf('web', {
        replicas: 3,
        annotations: { [behaviourAnnotation]: '{"exit": {"code": 1, "after": "5s"}}' },
      }),
    );
    await run.advance(200);
    change(({ spec }) => {
      spec.replicas = 1;
    });
    await run.advance(60);
    expect(run.pods('shop')).toHaveLength(1);
    expect(run.events({ reason: 'SuccessfulDelete', kind: 'ReplicaSet' })).toHaveLength(2);
  });
});
