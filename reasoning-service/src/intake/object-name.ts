/** RFC 1123: what Kubernetes takes as the name of nearly every object. */
const subdomain = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
/** Roles and their bindings may be called anything that fits into a path. */
const pathSegment = /^[^\s/%]{1,253}$/;
const freelyNamed = new Set(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding']);
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether an object of this kind can be called so. */
export const isObjectName = (kind: string, name: string): boolean =>
  (freelyNamed.has(kind) ? pathSegment : subdomain).test(name);

/** Whether a namespace or a container can be called so. */
export const isLabel = (name: string): boolean => label.test(name);
