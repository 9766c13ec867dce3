import type { FieldParameters, Json, JsonObject } from '@aetherius/shared/contracts';
import type { FieldChange } from '../field-change.ts';
import { objectAt, objectsAt, valueAt } from '../replace-at.ts';

const SELECTOR = ['spec', 'selector'] as const;

/** Which pods a Service sends to. One without a selector has endpoints that somebody keeps by hand. */
export const setServiceSelector: FieldChange<'set_service_selector'> = (body, { selector }) => {
  const current = objectAt(body, SELECTOR);
  if (Object.keys(current).length === 0) return { problem: 'service_without_selector' };
  // An empty selector would hand the Service over to whoever writes endpoints.
  if (Object.keys(selector).length === 0) return { problem: 'nothing_to_set' };
  return {
    path: SELECTOR,
    next: selector,
    undo: { action: 'set_service_selector', parameters: { selector: current } },
  };
};

/** Which port of the pods one port of a Service leads to. */
export const setServicePort: FieldChange<'set_service_port'> = (body, { port, target_port }) => {
  const ports = objectsAt(body, ['spec', 'ports']);
  const indices = ports.flatMap((one, index) => (one['port'] === port ? [index] : []));
  const [index] = indices;
  if (index === undefined) return { problem: 'no_such_port' };
  if (indices.length > 1) return { problem: 'several_ports' };
  const path = ['spec', 'ports', index, 'targetPort'];
  return {
    path,
    next: target_port,
    undo: { action: 'set_service_port', parameters: { port, target_port: valueAt(body, path) ?? port } },
  };
};

type Backend = FieldParameters<'set_ingress_backend'>;

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isBackend = (field: string) => field === 'backend' || field === 'defaultBackend';
const portOf = (backend: JsonObject): Json =>
  valueAt(backend, ['service', 'port', 'number']) ?? valueAt(backend, ['service', 'port', 'name']) ?? null;

/** Every Service that an Ingress names, with its port. */
export function backendsIn(value: Json, field = ''): { name: Json; port: Json }[] {
  if (Array.isArray(value)) return value.flatMap((one) => backendsIn(one));
  if (!isObject(value)) return [];
  const name = isBackend(field) ? valueAt(value, ['service', 'name']) : undefined;
  if (name !== undefined) return [{ name, port: portOf(value) }];
  return Object.entries(value).flatMap(([key, inner]) => backendsIn(inner, key));
}

function redirected(value: Json, wanted: Backend, field = ''): Json {
  if (Array.isArray(value)) return value.map((one) => redirected(one, wanted));
  if (!isObject(value)) return value;
  if (isBackend(field) && valueAt(value, ['service', 'name']) === wanted.from) {
    const port = typeof wanted.port === 'number' ? { number: wanted.port } : { name: wanted.port };
    return { ...value, service: { name: wanted.service, port } };
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redirected(inner, wanted, key)]));
}

/** Sends what goes to one Service to another, or to another of its ports. */
export const setIngressBackend: FieldChange<'set_ingress_backend'> = (body, wanted) => {
  const backends = backendsIn(objectAt(body, ['spec']));
  const [first, ...others] = backends.filter(({ name }) => name === wanted.from);
  if (first === undefined) return { problem: 'not_referenced' };
  // The way back names one Service and one port, so they must be one.
  if (others.some(({ port }) => port !== first.port)) return { problem: 'several_ports' };
  const isTaken = wanted.service !== wanted.from && backends.some(({ name }) => name === wanted.service);
  if (isTaken) return { problem: 'already_referenced' };
  return {
    path: ['spec'],
    next: redirected(objectAt(body, ['spec']), wanted),
    undo: {
      action: 'set_ingress_backend',
      parameters: { from: wanted.service, service: wanted.from, port: first.port },
    },
  };
};

const CLASS = ['spec', 'ingressClassName'] as const;

/** Which controller serves an Ingress; null for the cluster's default. */
export const setIngressClass: FieldChange<'set_ingress_class'> = (body, { class: name }) => ({
  path: CLASS,
  next: name ?? undefined,
  undo: { action: 'set_ingress_class', parameters: { class: valueAt(body, CLASS) ?? null } },
});
