import { asArray, asObject, asString, at, type Json, type JsonObject } from '../store/json.ts';
import type { KubeObject } from '../store/kube-object.ts';
import type { Attributes, User } from './hooks.ts';

/** The role objects that decide what a user may do. */
export type Roles = {
  roles: KubeObject[];
  roleBindings: KubeObject[];
  clusterRoles: KubeObject[];
  clusterRoleBindings: KubeObject[];
};

/** Whether RBAC allows a request: some binding gives the user a role with a rule for it. */
export function authorize(roles: Roles, user: User, asked: Attributes): boolean {
  const everywhere = roles.clusterRoleBindings.filter((binding) => binds(binding, user));
  if (everywhere.some((binding) => rulesOf(roles, binding).some((rule) => covers(rule, asked)))) return true;
  const namespace = 'path' in asked ? undefined : asked.namespace;
  if (namespace === undefined) return false;
  return roles.roleBindings
    .filter((binding) => binding.metadata.namespace === namespace && binds(binding, user))
    .some((binding) => rulesOf(roles, binding).some((rule) => covers(rule, asked)));
}

function rulesOf({ roles, clusterRoles }: Roles, binding: KubeObject): JsonObject[] {
  const { kind, name } = asObject(binding['roleRef']);
  const { namespace } = binding.metadata;
  const role =
    kind === 'ClusterRole'
      ? clusterRoles.find(({ metadata }) => metadata.name === name)
      : roles.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  return asArray(role?.['rules']).map(asObject);
}

const binds = (binding: KubeObject, user: User): boolean =>
  asArray(binding['subjects']).some((subject) => names(asObject(subject), user, binding.metadata.namespace));

function names(subject: JsonObject, user: User, namespace: string | undefined): boolean {
  const name = asString(subject['name']);
  if (subject['kind'] === 'User') return name === user.name;
  if (subject['kind'] === 'Group') return user.groups.includes(name);
  return user.name === `system:serviceaccount:${asString(subject['namespace']) || (namespace ?? '')}:${name}`;
}

/** Whether one rule of a role allows a request. */
function covers(rule: JsonObject, asked: Attributes): boolean {
  if (!lists(rule['verbs'], asked.verb)) return false;
  if ('path' in asked) return asArray(rule['nonResourceURLs']).some((url) => pathMatches(asString(url), asked.path));
  const resource = asked.subresource === undefined ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const anyParent = asked.subresource === undefined ? resource : `*/${asked.subresource}`;
  const resourceListed = lists(rule['resources'], resource) || asArray(rule['resources']).includes(anyParent);
  return lists(rule['apiGroups'], asked.group) && resourceListed && nameAllowed(rule, asked.name);
}

const lists = (values: Json | undefined, wanted: string): boolean =>
  asArray(values).some((value) => value === '*' || value === wanted);

function nameAllowed(rule: JsonObject, name: string | undefined): boolean {
  const only = asArray(rule['resourceNames']);
  return only.length === 0 || (name !== undefined && only.includes(name));
}

const pathMatches = (pattern: string, path: string): boolean =>
  pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;

/** What a SelfSubjectAccessReview asks about. */
export function reviewedAttributes(review: JsonObject): Attributes {
  const path = at(review, 'spec', 'nonResourceAttributes');
  if (path !== undefined) return { verb: asString(at(path, 'verb')), path: asString(at(path, 'path')) };
  const asked = asObject(at(review, 'spec', 'resourceAttributes'));
  const optional = (field: string): { [field: string]: string } =>
    asString(asked[field]) === '' ? {} : { [field]: asString(asked[field]) };
  return {
    verb: asString(asked['verb']),
    group: asString(asked['group']),
    resource: asString(asked['resource']),
    ...optional('subresource'),
    ...optional('namespace'),
    ...optional('name'),
  };
}
