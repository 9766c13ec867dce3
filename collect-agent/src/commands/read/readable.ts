import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { maskedObject } from '../../evidence/mask.ts';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object as a person may read it: masked like evidence. */
export function readable(object: Json): JsonObject {
  const masked = maskedObject(object);
  return isObject(masked) ? masked : {};
}
