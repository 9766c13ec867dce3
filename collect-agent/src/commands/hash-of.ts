import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '@aetherius/shared/contracts';

/** JSON with sorted keys, so that equal values have equal text whoever wrote them. */
function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}

/** What a command's `expected` is compared with: the hash of the before values of the fields that it changes. */
export const hashOf = (before: JsonObject): string => createHash('sha256').update(canonicalJson(before)).digest('hex');
