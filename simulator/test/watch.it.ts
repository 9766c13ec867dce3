import { describe, expect, it } from '@jest/globals';
import { makeInformer, type V1Pod, Watch } from '@kubernetes/client-node';
import { ApiError } from '../src/store/api-error.ts';
import { pods, runningServer } from './running-server.ts';

const api = runningServer();
const { call, config, core, createPod, watched } = api;

describe('watches', () => {
  it('begin with what is there, or after a version', async () => {
    const { metadata } = await createPod('a');
    await createPod('b');
    expect((await watched('timeoutSeconds=1')).map(({ type, object }) => [type, object.metadata.name])).toEqual([
      ['ADDED', 'a'],
      ['ADDED', 'b'],
    ]);
    const later = await watched(
      `timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=${metadata?.resourceVersion}`,
    );
    expect(later.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK']);
  });

  it('show an object that leaves the selection as deleted', async () => {
    await createPod('a', { app: 'web' });
    const seen = watched('timeoutSeconds=1&labelSelector=app%3Dweb');
    await new Promise((resolve) => setTimeout(resolve, 200));
    api.store.mutate('Pod', 'default', 'a', ({ metadata }) => {
      metadata.labels = { app: 'other' };
    });
    expect((await seen).map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
  });

  it('end with 410 when the history is forgotten', async () => {
    await createPod('a');
    api.store.compact();
    expect(await watched('resourceVersion=1')).toMatchObject([
      { type: 'ERROR', object: { code: 410, reason: 'Expired' } },
    ]);
  });

  it('feed an informer', async () => {
    await createPod('a');
    const informer = makeInformer<V1Pod>(config(), pods, () => core().listNamespacedPod({ namespace: 'default' }));
    const names: string[] = [];
    const arrived = new Promise<void>((resolve) => {
      informer.on('add', ({ metadata }) => {
        names.push(metadata?.name ?? '');
        if (names.length === 2) resolve();
      });
    });
    await informer.start();
    await createPod('b');
    await arrived;
    await informer.stop();
    expect(names).toEqual(['a', 'b']);
  });
});

describe('faults', () => {
  it('answer what a test wants', async () => {
    api.hooks.fault = (point) => (point === 'request' ? new ApiError(429, 'TooManyRequests', 'slow down') : undefined);
    const answer = await call('GET', pods);
    expect([answer.code, answer.headers.get('retry-after')]).toEqual([429, '1']);
  });

  it('silence a watch that stays open', async () => {
    api.hooks.fault = (point) => (point === 'watch' ? 'silence' : undefined);
    await createPod('a');
    expect(await watched('timeoutSeconds=1&allowWatchBookmarks=true')).toEqual([]);
  });

  it('cut a watch', async () => {
    await createPod('a');
    api.hooks.fault = (point) => (point === 'watch' ? 'cut' : undefined);
    const failure = await new Promise<unknown>((resolve) => {
      void new Watch(config()).watch(pods, {}, () => undefined, resolve);
    });
    expect(failure).toBeInstanceOf(Error);
  });
});
