import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../store/json.ts';
import type { KubeObject } from '../store/kube-object.ts';
import { authorize, type Roles } from './authorize.ts';

const object = (kind: string, name: string, more: JsonObject & { namespace?: string }): KubeObject => {
  const { namespace, ...fields } = more;
  const place = namespace === undefined ? {} : { namespace };
  const metadata = { name, ...place, uid: name, resourceVersion: '1', creationTimestamp: '' };
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata, ...fields };
};

const account = { kind: 'ServiceAccount', name: 'agent', namespace: 'tools' };
const agent = { name: 'system:serviceaccount:tools:agent', groups: ['system:serviceaccounts'] };

const roles: Roles = {
  clusterRoles: [
    object('ClusterRole', 'reader', {
      rules: [
        { apiGroups: ['', 'apps'], resources: ['pods', 'pods/log', 'deployments'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'], verbs: ['patch'] },
        { nonResourceURLs: ['/metrics/*'], verbs: ['get'] },
      ],
    }),
  ],
  clusterRoleBindings: [
    object('ClusterRoleBinding', 'agent', { roleRef: { kind: 'ClusterRole', name: 'reader' }, subjects: [account] }),
  ],
  roles: [
    object('Role', 'secrets', { namespace: 'shop', rules: [{ apiGroups: [''], resources: ['*'], verbs: ['*'] }] }),
  ],
  roleBindings: [
    object('RoleBinding', 'secrets', {
      namespace: 'shop',
      roleRef: { kind: 'Role', name: 'secrets' },
      subjects: [account],
    }),
  ],
};

describe('authorize', () => {
  it.each([
    [{ verb: 'list', group: '', resource: 'pods' }, true],
    [{ verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace: 'x', name: 'p' }, true],
    [{ verb: 'delete', group: '', resource: 'pods', namespace: 'x', name: 'p' }, false],
    [{ verb: 'get', group: '', resource: 'secrets', namespace: 'x', name: 's' }, false],
    [{ verb: 'get', group: '', resource: 'secrets', namespace: 'shop', name: 's' }, true],
    [{ verb: 'list', group: '', resource: 'secrets' }, false],
    [{ verb: 'get', group: 'extensions', resource: 'deployments' }, false],
    [{ verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'x', name: 'web' }, true],
    [{ verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'x', name: 'api' }, false],
    [{ verb: 'get', path: '/metrics/cadvisor' }, true],
    [{ verb: 'get', path: '/logs' }, false],
  ])('%j -> %s', (asked, allowed) => {
    expect(authorize(roles, agent, asked)).toBe(allowed);
  });

  it('gives nothing to a user without a binding', () => {
    expect(authorize(roles, { name: 'stranger', groups: [] }, { verb: 'list', group: '', resource: 'pods' })).toBe(
      false,
    );
  });
});
