import { describe, expect, it } from '@jest/globals';
import { AppsV1Api, type CoreV1Event } from '@kubernetes/client-node';
import { podBody, pods, runningServer } from './running-server.ts';

const api = runningServer();
const { call, config, core, createPod } = api;

describe('objects', () => {
  it('are created, read, patched and deleted by the official client', async () => {
    const created = await createPod('web');
    expect(created).toMatchObject({
      spec: { restartPolicy: 'Always', serviceAccountName: 'default' },
      status: { phase: 'Pending' },
    });
    await core().deleteNamespacedPod({ name: 'web', namespace: 'default' });
    await expect(core().readNamespacedPod({ name: 'web', namespace: 'default' })).rejects.toMatchObject({ code: 404 });
  });

  it('are paged through by limit and continue', async () => {
    for (const name of ['a', 'b', 'c']) await createPod(name);
    const first = await core().listNamespacedPod({ namespace: 'default', limit: 2 });
    expect(first.items.map(({ metadata }) => metadata?.name)).toEqual(['a', 'b']);
    expect(first.metadata?.remainingItemCount).toBe(1);
    await createPod('d');
    const next = await core().listNamespacedPod({
      namespace: 'default',
      limit: 2,
      _continue: first.metadata?._continue ?? '',
    });
    expect(next.metadata?.resourceVersion).toBe(first.metadata?.resourceVersion);
    expect(next.items.map(({ metadata }) => metadata?.name)).toEqual(['c', 'd']);
    api.store.compact();
    const late = core().listNamespacedPod({
      namespace: 'default',
      limit: 2,
      _continue: first.metadata?._continue ?? '',
    });
    await expect(late).rejects.toMatchObject({ code: 410 });
  });

  it('are not stored by a dry run', async () => {
    const answer = await call('POST', `${pods}?dryRun=All`, podBody('dry'));
    expect(answer.code).toBe(201);
    expect(api.store.list('Pod')).toEqual([]);
    expect((await call('POST', `${pods}?dryRun=Some`, podBody('dry'))).code).toBe(400);
  });
});

describe('deleted objects', () => {
  it('go with their owner, stay when orphaned, and hold it back in the foreground', async () => {
    const apps = config().makeApiClient(AppsV1Api);
    for (const [policy, left] of [
      ['Background', 0],
      ['Orphan', 1],
      ['Foreground', 0],
    ] as const) {
      const labels = { app: policy.toLowerCase() };
      const body = {
        metadata: { name: labels.app },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podBody('x').spec } },
      };
      const owner = await apps.createNamespacedReplicaSet({ namespace: 'default', body: body as never });
      const reference = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: labels.app, uid: owner.metadata?.uid ?? '' };
      api.store.create({ kind: 'Pod', metadata: { name: labels.app, ownerReferences: [reference] } });
      await apps.deleteNamespacedReplicaSet({ name: labels.app, namespace: 'default', propagationPolicy: policy });
      expect(api.store.get('ReplicaSet', 'default', labels.app)).toBeUndefined();
      expect(api.store.list('Pod').filter(({ metadata }) => metadata.name === labels.app)).toHaveLength(left);
    }
  });

  it('are deleted only when the preconditions hold', async () => {
    await createPod('web');
    const options = (preconditions: object) => ({ kind: 'DeleteOptions', apiVersion: 'v1', preconditions });
    expect((await call('DELETE', `${pods}/web`, options({ uid: 'other' }))).code).toBe(409);
    expect((await call('DELETE', `${pods}/web`, options({ resourceVersion: '1' }))).code).toBe(409);
    expect((await call('DELETE', `${pods}/web`, options({}))).body).toMatchObject({ status: 'Success' });
  });
});

describe('events', () => {
  it('are seen under both of their groups', async () => {
    const involvedObject = { kind: 'Pod', name: 'web', namespace: 'default' };
    const event = {
      metadata: { name: 'web.1' },
      involvedObject,
      reason: 'Failed',
      message: 'no',
      count: 2,
      type: 'Warning',
    };
    await call('POST', '/api/v1/namespaces/default/events', event);
    const newer = await call(
      'GET',
      '/apis/events.k8s.io/v1/namespaces/default/events?fieldSelector=regarding.name%3Dweb',
    );
    expect(newer.body['items']).toMatchObject([
      { apiVersion: 'events.k8s.io/v1', regarding: involvedObject, note: 'no', deprecatedCount: 2 },
    ]);
    const older: CoreV1Event[] = (
      await core().listNamespacedEvent({ namespace: 'default', fieldSelector: 'involvedObject.name=web,type=Warning' })
    ).items;
    expect(older).toMatchObject([{ message: 'no', count: 2 }]);
  });
});
