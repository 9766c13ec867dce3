import { describe, expect, it } from '@jest/globals';
import { rbacHooks } from '../src/api/rbac-hooks.ts';
import { podBody, pods, runningServer } from './running-server.ts';

const api = runningServer();
const { call } = api;

describe('access', () => {
  it('is decided by token and role', async () => {
    api.hooks.authenticate = (token) => (token === 'secret' ? { name: 'agent', groups: [] } : undefined);
    api.hooks.authorize = (_user, asked) => asked.verb === 'list';
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
  Object.assign(api.hooks, rbacHooks(api.store, users));
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }];
  api.store.create({ kind: 'ClusterRole', metadata: { name: 'agent' }, rules });
  const subjects = [{ kind: 'ServiceAccount', name: 'agent', namespace: 'tools' }];
  api.store.create({
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
