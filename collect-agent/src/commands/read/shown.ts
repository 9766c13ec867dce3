import type { Json, JsonObject } from '@aetherius/shared/contracts';

const MASK = '[redacted]';
const secretName = /pass(word|wd|phrase)?|secret|token|api[_-]?key|private[_-]?key|credential/i;

/**
 * Values that leave the cluster without those whose own name says that they are secret. Redaction of texts cannot see it:
 * in `{name: DB_PASSWORD, value: hunter2}` nothing about the value tells.
 */
export function shown(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shownAt(key, inner)]));
}

function shownAt(key: string, value: Json): Json {
  if (typeof value === 'string') return hides(key) ? MASK : value;
  if (Array.isArray(value)) return value.map((inner) => shownAt(key, inner));
  if (value === null || typeof value !== 'object') return value;
  const clean = shown(value);
  const isSecretPair = typeof value['name'] === 'string' && secretName.test(value['name']) && 'value' in value;
  return isSecretPair ? { ...clean, value: MASK } : clean;
}

/** References to a Secret by name are what people need to read; only contents are hidden. */
const hides = (key: string): boolean =>
  secretName.test(key) && !/secretName|secretRef|secretKeyRef|tokenExpiration|serviceAccount|\.name$|Path$/.test(key);
