import type { Json, JsonObject } from '@aetherius/shared/contracts';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An entry of a table by a word from outside, which may be `constructor` or `__proto__`. */
export const own = <T>(table: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

/** The value at a dotted path of a Kubernetes object, or undefined where the path ends early. */
export function valueAt(body: Json | undefined, path: string): Json | undefined {
  let value = body;
  for (const key of path.split('.')) {
    if (!isObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

export const textAt = (body: Json | undefined, path: string): string | undefined => {
  const value = valueAt(body, path);
  return typeof value === 'string' ? value : undefined;
};

export const numberAt = (body: Json | undefined, path: string): number | undefined => {
  const value = valueAt(body, path);
  return typeof value === 'number' ? value : undefined;
};

/** A number or a text as text: ports and quantities come as either. */
export const wordAt = (body: Json | undefined, path: string): string | undefined => {
  const value = valueAt(body, path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
};

export const isTrueAt = (body: Json | undefined, path: string): boolean => valueAt(body, path) === true;

export const objectAt = (body: Json | undefined, path: string): JsonObject | undefined => {
  const value = valueAt(body, path);
  return isObject(value) ? value : undefined;
};

export const objectsAt = (body: Json | undefined, path: string): JsonObject[] => {
  const value = valueAt(body, path);
  return Array.isArray(value) ? value.filter(isObject) : [];
};

/** Text entries of a list, such as the arguments of a command. */
export const wordsAt = (body: Json | undefined, path: string): string[] => {
  const value = valueAt(body, path);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
};

/** Text entries of a map, such as labels. */
export const textsAt = (body: Json | undefined, path: string): Record<string, string> => {
  const value = valueAt(body, path);
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
};

/** An object as `path: value` lines, the form in which evidence quotes it. */
export function lines(value: Json, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => lines(item, `${path}[${index}]`));
  if (isObject(value))
    return Object.entries(value).flatMap(([key, inner]) => lines(inner, path === '' ? key : `${path}.${key}`));
  return [`${path}: ${value}`];
}

const known = new WeakMap<JsonObject, readonly string[]>();

/** The lines of an object, made once: it is cited by several rules and proved again at the end. */
export function linesOf(body: JsonObject): readonly string[] {
  const made = known.get(body) ?? lines(body);
  known.set(body, made);
  return made;
}
