/** Any value that JSON can carry. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object whose fields are not known in advance. */
export type JsonObject = { [field: string]: Json };

/** Tells a JSON object from arrays, null and scalars. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value as an object, or an empty one: absent and malformed branches read the same. */
export const asObject = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** The value as an array, or an empty one. */
export const asArray = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** The value as text; numbers and booleans are written out, anything else is empty. */
export const asString = (value: Json | undefined): string => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
};

/** The value as a number, or the fallback. */
export const asNumber = (value: Json | undefined, fallback = 0): number =>
  typeof value === 'number' ? value : fallback;

/** Follows field names and array indexes into a value; undefined as soon as one is missing. */
export function at(value: Json | undefined, ...path: (string | number)[]): Json | undefined {
  let current = value;
  for (const step of path) {
    if (Array.isArray(current)) current = typeof step === 'number' ? current[step] : undefined;
    else current = isJsonObject(current) ? current[step] : undefined;
  }
  return current;
}

/** A deep copy as it would come over the wire: undefined fields are dropped. */
export const copyJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Freezes a value with all it holds. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
