import type { FieldParameters, Json, JsonObject } from '@aetherius/shared/contracts';
import { type FieldChange, POD } from '../field-change.ts';
import { objectAt, objectsAt, valueAt } from '../replace-at.ts';

type Probe = FieldParameters<'set_probe'>;

const handlers = ['httpGet', 'tcpSocket', 'grpc'] as const;
/** Figures of a probe, and what the API server takes for one that is not stated. */
const figures = {
  initial_delay_seconds: ['initialDelaySeconds', 0],
  period_seconds: ['periodSeconds', 10],
  timeout_seconds: ['timeoutSeconds', 1],
  failure_threshold: ['failureThreshold', 3],
} as const;
type Figure = keyof typeof figures;

const asPort = (value: Json | undefined): Json => value ?? 0;

/** Where a probe asks: its handler with another port or path. */
function handlerOf(probe: JsonObject, { port, path }: Probe): { name: string; now: JsonObject } | string | undefined {
  if (port === undefined && path === undefined) return undefined;
  const name = handlers.find((one) => probe[one] !== undefined);
  if (name === undefined) return 'probe_has_no_port';
  if (path !== undefined && name !== 'httpGet') return 'probe_has_no_path';
  const now = objectAt(probe, [name]);
  return {
    name,
    now: { ...now, ...(port === undefined ? {} : { port }), ...(path === undefined ? {} : { path }) },
  };
}

const given = (wanted: Probe): Figure[] =>
  (Object.keys(figures) as Figure[]).filter((one) => wanted[one] !== undefined);

function formerOf(probe: JsonObject, wanted: Probe): JsonObject {
  const handler = handlers.find((one) => probe[one] !== undefined) ?? 'httpGet';
  return {
    container: wanted.container,
    probe: wanted.probe,
    ...(wanted.port === undefined ? {} : { port: asPort(valueAt(probe, [handler, 'port'])) }),
    ...(wanted.path === undefined ? {} : { path: valueAt(probe, [handler, 'path']) ?? '/' }),
    ...Object.fromEntries(given(wanted).map((one) => [one, probe[figures[one][0]] ?? figures[one][1]])),
  };
}

/** Changes a probe that is there: where it asks, and how patient it is. It never makes one and never takes one away. */
export const setProbe: FieldChange<'set_probe'> = (body, wanted) => {
  const index = objectsAt(body, [...POD, 'containers']).findIndex(({ name }) => name === wanted.container);
  if (index < 0) return { problem: 'no_such_container' };
  const path = [...POD, 'containers', index, `${wanted.probe}Probe`];
  const probe = valueAt(body, path);
  if (probe === undefined) return { problem: 'no_such_probe' };
  const handler = handlerOf(objectAt(body, path), wanted);
  if (typeof handler === 'string') return { problem: handler };
  const next: JsonObject = {
    ...objectAt(body, path),
    ...(handler === undefined ? {} : { [handler.name]: handler.now }),
  };
  for (const one of given(wanted)) {
    const [field] = figures[one];
    // The API server leaves a delay of nothing out, so that nothing and absent are the same object.
    if (wanted[one] === 0) delete next[field];
    else next[field] = wanted[one] ?? null;
  }
  return { path, next, undo: { action: 'set_probe', parameters: formerOf(objectAt(body, path), wanted) } };
};

/** Runs the pods as another account of the namespace; null for the namespace's default. */
export const setServiceAccount: FieldChange<'set_service_account'> = (body, { name }) => {
  const { serviceAccountName, serviceAccount, ...rest } = objectAt(body, POD);
  const former = serviceAccountName ?? serviceAccount ?? null;
  // The older field names the same account; left behind it would speak against the new one.
  const mirrored = serviceAccount === undefined ? {} : { serviceAccount: name };
  return {
    path: POD,
    next: name === null ? rest : { ...rest, serviceAccountName: name, ...mirrored },
    undo: { action: 'set_service_account', parameters: { name: former } },
  };
};

/** Names the pull secrets of the pods; what is in them is never read. */
export const setPullSecrets: FieldChange<'set_pull_secrets'> = (body, { names }) => {
  const path = [...POD, 'imagePullSecrets'];
  const former = objectsAt(body, path).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  return {
    path,
    next: names.length === 0 ? undefined : names.map((name) => ({ name })),
    undo: { action: 'set_pull_secrets', parameters: { names: former } },
  };
};

const configMapFields: ReadonlySet<string> = new Set(['configMap', 'configMapRef', 'configMapKeyRef']);

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every ConfigMap that a pod's spec names, in env, envFrom and volumes. */
function namesIn(value: Json, field = ''): Json[] {
  if (Array.isArray(value)) return value.flatMap((one) => namesIn(one));
  if (!isObject(value)) return [];
  const own = configMapFields.has(field) && value['name'] !== undefined ? [value['name']] : [];
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => namesIn(inner, key))];
}

function renamed(value: Json, names: { from: string; to: string }, field = ''): Json {
  if (Array.isArray(value)) return value.map((one) => renamed(one, names));
  if (!isObject(value)) return value;
  const next = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamed(inner, names, key)]));
  return configMapFields.has(field) && value['name'] === names.from ? { ...next, name: names.to } : next;
}

/** Names another ConfigMap wherever the pod template names this one. Secrets are another matter and stay as they are. */
export const setConfigReference: FieldChange<'set_config_reference'> = (body, names) => {
  const found = namesIn(objectAt(body, POD));
  if (!found.includes(names.from)) return { problem: 'not_referenced' };
  // Otherwise the way back could not tell which of the two names stood where.
  if (found.includes(names.to)) return { problem: 'already_referenced' };
  return {
    path: POD,
    next: renamed(objectAt(body, POD), names),
    undo: { action: 'set_config_reference', parameters: { from: names.to, to: names.from } },
  };
};
