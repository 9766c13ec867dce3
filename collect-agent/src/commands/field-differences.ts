import type { Json, JsonObject } from '@aetherius/shared/contracts';

export type Differences = { before: JsonObject; after: JsonObject };
type Entry = readonly [path: string, before: Json | undefined, after: Json | undefined];

/** The leaves that differ between two values, by path; members of a list go by their name where all have one. */
export function fieldDifferences(path: string, before: Json, after: Json): Differences {
  const differing = [...differences([path, before, after])];
  return {
    before: Object.fromEntries(differing.map(([at, value]) => [at, value ?? null])),
    after: Object.fromEntries(differing.map(([at, , value]) => [at, value ?? null])),
  };
}

function* differences([path, before, after]: Entry): Generator<Entry> {
  const parts = [partsOf(before), partsOf(after)] as const;
  if (parts[0] === undefined || parts[1] === undefined) {
    if (before !== after) yield [path, before, after];
    return;
  }
  for (const part of new Set([...parts[0].keys(), ...parts[1].keys()])) {
    yield* differences([`${path}${part}`, parts[0].get(part), parts[1].get(part)]);
  }
}

function partsOf(value: Json | undefined): Map<string, Json> | undefined {
  if (value === undefined || value === null || typeof value !== 'object') return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value).map(([key, inner]) => [`.${key}`, inner]));
  const names = value.map(nameOf);
  const named = names.every((name) => name !== undefined) && new Set(names).size === names.length;
  return new Map(value.map((inner, index) => [`[${named ? names[index] : index}]`, inner]));
}

const nameOf = (value: Json): string | undefined => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  return typeof value['name'] === 'string' ? value['name'] : undefined;
};
