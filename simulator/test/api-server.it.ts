import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AppsV1Api,
  CoreV1Api,
  type CoreV1Event,
  KubeConfig,
  makeInformer,
  PolicyV1Api,
  type V1Pod,
  Watch,
} from '@kubernetes/client-node';
import { createApiServer } from '../src/api/api-server.ts';
import type { Hooks } from '../src/api/hooks.ts';
import { kubeconfig } from '../src/api/kubeconfig.ts';
import { rbacHooks } from '../src/api/rbac-hooks.ts';
import { ApiError } from '../src/store/api-error.ts';
import { createObjectStore, type ObjectStore } from '../src/store/object-store.ts';

let store: ObjectStore;
let hooks: Hooks;
let server: ReturnType<typeof createApiServer>;
let address: string;

beforeEach(async () => {
  store = createObjectStore({ clock: { now: () => new Date() }, newId: () => crypto.randomUUID() });
  store.create({ kind: 'Namespace', metadata: { name: 'default' } });
  hooks = {};
  server = createApiServer({ store, hooks });
  address = await server.listen(0);
});

afterEach(() => server.stop());

function config(): KubeConfig {
  const kube = new KubeConfig();
  kube.loadFromString(kubeconfig(address));
  return kube;
}

const core = () => config().makeApiClient(CoreV1Api);

const podBody = (name: string, labels: { [key: string]: string } = {}): V1Pod => ({
  metadata: { name, labels },
  spec: { containers: [{ name: 'app', image: 'nginx:1' }] },
});

const createPod = (name: string, labels?: { [key: string]: string }): Promise<V1Pod> =>
  core().createNamespacedPod({ namespace: 'default', body: podBody(name, labels) });

type Answer = { code: number; headers: Headers; body: { [field: string]: unknown } };

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: { [name: string]: string } = {},
): Promise<Answer> {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { code: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

const pods = '/api/v1/namespaces/default/pods';

/** Reads a watch until it ends. */
async function watched(
  query: string,
): Promise<{ type: string; object: { metadata: { name?: string }; code?: number } }[]> {
  const response = await fetch(`${address}${pods}?watch=true&${query}`);
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line));
}

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
    store.compact();
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
    expect(store.list('Pod')).toEqual([]);
    expect((await call('POST', `${pods}?dryRun=Some`, podBody('dry'))).code).toBe(400);
  });

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
      store.create({ kind: 'Pod', metadata: { name: labels.app, ownerReferences: [reference] } });
      await apps.deleteNamespacedReplicaSet({ name: labels.app, namespace: 'default', propagationPolicy: policy });
      expect(store.get('ReplicaSet', 'default', labels.app)).toBeUndefined();
      expect(store.list('Pod').filter(({ metadata }) => metadata.name === labels.app)).toHaveLength(left);
    }
  });

  it('are deleted only when the preconditions hold', async () => {
    await createPod('web');
    const options = (preconditions: object) => ({ kind: 'DeleteOptions', apiVersion: 'v1', preconditions });
    expect((await call('DELETE', `${pods}/web`, options({ uid: 'other' }))).code).toBe(409);
    expect((await call('DELETE', `${pods}/web`, options({ resourceVersion: '1' }))).code).toBe(409);
    expect((await call('DELETE', `${pods}/web`, options({}))).body).toMatchObject({ status: 'Success' });
  });

  it('of kind Event are seen under both of their groups', async () => {
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

describe('requests that are wrong', () => {
  it.each([
    ['malformed JSON', () => call('POST', pods, '{"kind":'), 400, /not valid JSON/],
    ['no body', () => call('POST', pods), 400, /no body/],
    [
      'another kind',
      () => call('POST', pods, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }),
      400,
      /Secret/,
    ],
    ['an unknown kind', () => call('GET', '/apis/example.com/v1/widgets'), 404, /could not find/],
    [
      'an unknown namespace',
      () => call('POST', '/api/v1/namespaces/no/pods', podBody('a')),
      404,
      /namespaces "no" not found/,
    ],
    [
      'no containers',
      () => call('POST', pods, { metadata: { name: 'a' }, spec: {} }),
      422,
      /spec.containers: Required value/,
    ],
    ['a bad name', () => call('POST', pods, podBody('Web_1')), 422, /metadata.name: Invalid value: "Web_1"/],
    ['a bad selector', () => call('GET', `${pods}?labelSelector=a%20b%20c`), 400, /not a label selector/],
    ['a version of the future', () => call('GET', `${pods}?resourceVersion=999`), 504, /Too large resource version/],
    [
      'server-side apply',
      () => call('PATCH', `${pods}/a`, {}, { 'content-type': 'application/apply-patch+yaml' }),
      415,
      /client-side/,
    ],
    ['a body without end', () => call('POST', pods, `"${'x'.repeat(3_200_000)}"`), 413, /too large/],
  ])('%s', async (_case, send, code, message) => {
    const answer = await send();
    expect(answer.code).toBe(code);
    expect(answer.body).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      code,
      message: expect.stringMatching(message),
    });
  });
});

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
    store.mutate('Pod', 'default', 'a', ({ metadata }) => {
      metadata.labels = { app: 'other' };
    });
    expect((await seen).map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
  });

  it('end with 410 when the history is forgotten', async () => {
    await createPod('a');
    store.compact();
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
    hooks.fault = (point) => (point === 'request' ? new ApiError(429, 'TooManyRequests', 'slow down') : undefined);
    const answer = await call('GET', pods);
    expect([answer.code, answer.headers.get('retry-after')]).toEqual([429, '1']);
  });

  it('silence a watch that stays open', async () => {
    hooks.fault = (point) => (point === 'watch' ? 'silence' : undefined);
    await createPod('a');
    expect(await watched('timeoutSeconds=1&allowWatchBookmarks=true')).toEqual([]);
  });

  it('cut a watch', async () => {
    await createPod('a');
    hooks.fault = (point) => (point === 'watch' ? 'cut' : undefined);
    const failure = await new Promise<unknown>((resolve) => {
      void new Watch(config()).watch(pods, {}, () => undefined, resolve);
    });
    expect(failure).toBeInstanceOf(Error);
  });
});

describe('access', () => {
  it('is decided by token and role', async () => {
    hooks.authenticate = (token) => (token === 'secret' ? { name: 'agent', groups: [] } : undefined);
    hooks.authorize = (_user, asked) => asked.verb === 'list';
    expect((await call('GET', pods)).code).toBe(401);
    const token = { authorization: 'Bearer secret' };
    expect((await call('GET', pods, undefined, token)).code).toBe(200);
    const refused = await call('POST', pods, podBody('a'), token);
    expect(refused.body['message']).toBe(
      'pods is forbidden: User "agent" cannot create resource "pods" in API group "" in the namespace "default"',
    );
    const review = { spec: { resourceAttributes: { verb: 'delete', resource: 'pods' } } };
    const answer = await call('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review, token);
    expect(answer.body).toMatchObject({ status: { allowed: false } });
  });
});

it('limits an agent to what its ClusterRole grants', async () => {
  const users = new Map([['t0ken', { name: 'system:serviceaccount:tools:agent', groups: ['system:authenticated'] }]]);
  Object.assign(hooks, rbacHooks(store, users));
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }];
  store.create({ kind: 'ClusterRole', metadata: { name: 'agent' }, rules });
  const subjects = [{ kind: 'ServiceAccount', name: 'agent', namespace: 'tools' }];
  store.create({
    kind: 'ClusterRoleBinding',
    metadata: { name: 'agent' },
    roleRef: { kind: 'ClusterRole', name: 'agent' },
    subjects,
  });
  const token = { authorization: 'Bearer t0ken' };
  expect((await call('GET', pods, undefined, token)).code).toBe(200);
  const secrets = await call('GET', '/api/v1/namespaces/default/secrets', undefined, token);
  expect([secrets.code, secrets.body['reason']]).toEqual([403, 'Forbidden']);
});

describe('subresources', () => {
  it('evict a pod unless a budget forbids it', async () => {
    const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
    for (const name of ['a', 'b']) {
      await createPod(name, { app: 'web' });
      store.mutate('Pod', 'default', name, (draft) => Object.assign(draft, { status }), { subresource: 'status' });
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
    expect(store.list('Pod').map(({ metadata }) => metadata.name)).toEqual(['b']);
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
    expect(store.get('Pod', 'default', 'web')).toMatchObject({
      spec: { nodeName: 'n1' },
      status: { phase: 'Running' },
    });
    hooks.readLog = ({ previous }) => (previous ? undefined : ['2026-01-01T00:00:00Z one', '2026-01-01T00:00:01Z two']);
    expect(await core().readNamespacedPodLog({ name: 'web', namespace: 'default', tailLines: 1 })).toBe('two\n');
    const previous = core().readNamespacedPodLog({ name: 'web', namespace: 'default', previous: true });
    await expect(previous).rejects.toMatchObject({ code: 400 });
  });

  it('refuse a pod over quota in the words of the real server', async () => {
    store.create({ kind: 'ResourceQuota', metadata: { name: 'few' }, spec: { hard: { pods: '1' } } });
    await createPod('a');
    const answer = await call('POST', pods, podBody('b'));
    expect([answer.code, answer.body['message']]).toEqual([
      403,
      'pods "b" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1',
    ]);
  });
});
