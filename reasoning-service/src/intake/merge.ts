import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { UNKNOWN_TIME } from '../diagnosis/health/held-deletion.ts';
import { isObject } from './kubernetes.ts';
import type { Detail, ReadObject } from './reading.ts';

const rank: Record<Detail, number> = { whole: 0, described: 1, row: 2 };

/** Each object once: the fullest telling of it, with what only a lesser one knows filled in. */
export function merged<T extends ReadObject>(objects: readonly T[]): T[] {
  const found = new Map<string, T>();
  const fullestFirst = [...objects].sort((a, b) => rank[a.detail] - rank[b.detail]);
  for (const object of fullestFirst) {
    const key = `${object.kind}/${object.namespace ?? ''}/${object.name}`;
    const fuller = found.get(key);
    if (fuller === undefined) found.set(key, object);
    else if (fuller.detail !== 'whole') found.set(key, { ...fuller, body: filled(fuller.body, object.body) });
  }
  return [...found.values()];
}

/** Lists are not mixed, as their items in two tellings need not be the same ones; unless each item has its name. */
function filled(body: JsonObject, more: JsonObject): JsonObject {
  const result: JsonObject = { ...body };
  for (const [key, value] of Object.entries(more)) {
    const present: Json | undefined = result[key];
    if (present === undefined || present === UNKNOWN_TIME) result[key] = value;
    else if (isObject(present) && isObject(value)) result[key] = filled(present, value);
    else if (Array.isArray(present) && Array.isArray(value)) result[key] = filledList(present, value);
  }
  return result;
}

function filledList(items: readonly Json[], more: readonly Json[]): Json[] {
  const named = new Map(more.map((item) => [nameOf(item), item]));
  const isSame = items.length === more.length && items.every((item) => nameOf(item) !== '' && named.has(nameOf(item)));
  if (!isSame) return [...items];
  return items.map((item) => filled(item as JsonObject, named.get(nameOf(item)) as JsonObject));
}

const nameOf = (item: Json): string => (isObject(item) && typeof item['name'] === 'string' ? item['name'] : '');
