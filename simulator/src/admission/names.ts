import type { Cause } from '../store/api-error.ts';

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const pathSegment = /^(?!\.{1,2}$)[^/%]+$/;

const labelKinds = new Set(['Namespace', 'Service']);
const pathKinds = new Set(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding']);

const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** A fault of a field whose value is not allowed. */
export const invalidValue = (field: string, value: unknown, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  field,
});

/** A fault of a field that must be there. */
export const required = (field: string, why = ''): Cause => ({
  reason: 'FieldValueRequired',
  message: why === '' ? 'Required value' : `Required value: ${why}`,
  field,
});

/** A fault of a field that may not change or be set. */
export const forbiddenField = (field: string, why: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
  field,
});

/** Whether a name can be a DNS label, as containers and ports have. */
export const isLabel = (name: string): boolean => name.length <= 63 && label.test(name);

/** The fault of a container name that is no DNS label. */
export const badLabel = (field: string, name: string): Cause => invalidValue(field, name, labelText);

/** What is wrong with the name of an object of a kind. */
export function nameFaults(kind: string, name: string): Cause[] {
  const field = 'metadata.name';
  if (name === '') return [required(field, 'name or generateName is required')];
  if (pathKinds.has(kind))
    return pathSegment.test(name) ? [] : [invalidValue(field, name, "may not contain '/' or '%'")];
  if (labelKinds.has(kind)) return isLabel(name) ? [] : [badLabel(field, name)];
  if (name.length > 253) return [invalidValue(field, name, 'must be no more than 253 characters')];
  return subdomain.test(name) ? [] : [invalidValue(field, name, subdomainText)];
}

const qualifiedName = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** What is wrong with the labels of an object. */
export function labelFaults(labels: { [key: string]: unknown }, field: string): Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    if (!qualifiedName.test(key))
      return [invalidValue(field, key, 'name part must consist of alphanumeric characters')];
    if (typeof value === 'string' && labelValue.test(value)) return [];
    return [invalidValue(field, value, 'a valid label must be an empty string or consist of alphanumeric characters')];
  });
}
