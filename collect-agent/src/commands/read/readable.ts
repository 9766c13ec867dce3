import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { looksSecret, MASKED, maskedObject } from '../../evidence/mask.ts';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object as a person may read it: masked like evidence, and so are the entries of a ConfigMap that people put secrets in. */
export function readable(object: Json): JsonObject {
  const masked = maskedObject(object);
  if (!isObject(masked)) return {};
  const { data } = masked;
  return isObject(data) ? { ...masked, data: maskedData(data) } : masked;
}

const maskedData = (data: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, looksSecret(key) ? MASKED : value]));
