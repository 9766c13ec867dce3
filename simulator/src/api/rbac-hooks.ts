import type { ObjectStore } from '../store/object-store.ts';
import { authorize } from './authorize.ts';
import type { Hooks, User } from './hooks.ts';

const admins = 'system:masters';

/** Hooks that know users by their tokens and allow what the roles in the store allow; system:masters may do everything. */
export const rbacHooks = (
  store: ObjectStore,
  users: ReadonlyMap<string, User>,
): Required<Pick<Hooks, 'authenticate' | 'authorize'>> => ({
  authenticate: (token) => (token === undefined ? undefined : users.get(token)),
  authorize(user, asked) {
    if (user.groups.includes(admins)) return true;
    const roles = {
      roles: store.list('Role'),
      roleBindings: store.list('RoleBinding'),
      clusterRoles: store.list('ClusterRole'),
      clusterRoleBindings: store.list('ClusterRoleBinding'),
    };
    return authorize(roles, user, asked);
  },
});
