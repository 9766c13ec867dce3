import type { Json, JsonObject } from '@aetherius/shared/contracts';
import type { ChangePlan, NoPlan } from '../change-plan.ts';
import { fieldDifferences } from '../field-differences.ts';
import { pointer } from '../json-patch.ts';

/** Where a value stands in an object, by keys and indices. */
export type Path = readonly (string | number)[];

/** One value of an object that is replaced as a whole; undefined takes it away. */
export type Replacement = { path: Path; next: Json | undefined; undo: ChangePlan['undo'] };

/** A value that no command can take back is stated as null. */
export const NOT_UNDONE = null;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path, or undefined where the path ends early. */
export function valueAt(body: Json | undefined, path: Path): Json | undefined {
  let value = body;
  for (const key of path) {
    if (Array.isArray(value) && typeof key === 'number') value = value[key];
    else value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

/** An object at a path, empty where there is none. */
export const objectAt = (body: Json | undefined, path: Path): JsonObject => {
  const value = valueAt(body, path);
  return isObject(value) ? value : {};
};

/** A list of objects at a path, empty where there is none. */
export const objectsAt = (body: Json | undefined, path: Path): JsonObject[] => {
  const value = valueAt(body, path);
  return Array.isArray(value) ? value.filter(isObject) : [];
};

/** The path as a person reads it: members of lists by their names. */
const labelOf = (body: JsonObject, path: Path): string =>
  path.reduce<string>((text, key, index) => {
    if (typeof key === 'string') return text === '' ? key : `${text}.${key}`;
    const name = objectAt(body, path.slice(0, index + 1))['name'];
    return `${text}[${typeof name === 'string' ? name : key}]`;
  }, '');

/** The plan that puts a value in the place of another; nothing but the leaves that differ counts as changed. */
export function replaceAt(body: JsonObject, { path, next, undo }: Replacement): ChangePlan | NoPlan {
  const present = valueAt(body, path);
  const { before, after } = fieldDifferences(labelOf(body, path), present ?? null, next ?? null);
  if (Object.keys(before).length === 0) return { problem: 'already_so' };
  const at = pointer(...path);
  return {
    change: [next === undefined ? { op: 'remove', path: at } : { op: 'add', path: at, value: next }],
    before,
    after,
    undo,
  };
}
