import { describe, expect, it } from '@jest/globals';
import { PolicyV1Api } from '@kubernetes/client-node';
import { podBody, pods, runningServer } from './running-server.ts';

const api = runningServer();
const { call, config, core, createPod } = api;

describe('subresources', () => {
  it('evict a pod unless a budget forbids it', async () => {
    const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
    for (const name of ['a', 'b']) {
      await createPod(name, { app: 'web' });
      api.store.mutate('Pod', 'default', name, (draft) => Object.assign(draft, { status }), { subresource: 'status' });
    }
    const budget = { metadata: { name: 'web' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } } };
    await config()
      .makeApiClient(PolicyV1Api)
      .createNamespacedPodDisruptionBudget({ namespace: 'default', body: budget });
    const evict = (name: string) =>
      call('POST', `${pods}/${name}/eviction`, { kind: 'Eviction', apiVersion: 'policy/v1', metadata: { name } });
    expect((await evict('a')).code).toBe(201);
    expect(await evict('b')).toMatchObject({
      code: 429,
      body: { details: { causes: [{ reason: 'DisruptionBudget' }] } },
    });
    expect(api.store.list('Pod').map(({ metadata }) => metadata.name)).toEqual(['b']);
  });

  it('bind, scale, write a status and read a log', async () => {
    await createPod('web');
    await call('POST', `${pods}/web/binding`, { target: { name: 'n1' } });
    await call(
      'PATCH',
      `${pods}/web/status`,
      { status: { phase: 'Running' }, spec: {} },
      { 'content-type': 'application/merge-patch+json' },
    );
    expect(api.store.get('Pod', 'default', 'web')).toMatchObject({
      spec: { nodeName: 'n1' },
      status: { phase: 'Running' },
    });
    api.hooks.readLog = ({ previous }) =>
      previous ? undefined : ['2026-01-01T00:00:00Z one', '2026-01-01T00:00:01Z two'];
    expect(await core().readNamespacedPodLog({ name: 'web', namespace: 'default', tailLines: 1 })).toBe('two\n');
    expect(await core().readNamespacedPodLog({ name: 'web', namespace: 'default', sinceSeconds: 60 })).toBe('');
    const previous = core().readNamespacedPodLog({ name: 'web', namespace: 'default', previous: true });
    await expect(previous).rejects.toMatchObject({ code: 400 });
  });

  it('refuse a pod over quota in the words of the real server', async () => {
    api.store.create({ kind: 'ResourceQuota', metadata: { name: 'few' }, spec: { hard: { pods: '1' } } });
    await createPod('a');
    const answer = await call('POST', pods, podBody('b'));
    expect([answer.code, answer.body['message']]).toEqual([
      403,
      'pods "b" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1',
    ]);
  });
});
