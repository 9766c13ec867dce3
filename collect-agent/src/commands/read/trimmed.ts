import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { shown } from './shown.ts';

const noise = new Set(['kubectl.kubernetes.io/last-applied-configuration']);

/** An object as a person reads it: without bookkeeping that repeats the rest, and without secret values. */
export function trimmed(object: Json): JsonObject {
  if (object === null || typeof object !== 'object' || Array.isArray(object)) return {};
  const metadata = object['metadata'];
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) return shown(object);
  const { managedFields: _, annotations, ...rest } = metadata;
  const kept =
    annotations === null || typeof annotations !== 'object' || Array.isArray(annotations)
      ? {}
      : { annotations: Object.fromEntries(Object.entries(annotations).filter(([name]) => !noise.has(name))) };
  return shown({ ...object, metadata: { ...rest, ...kept } });
}
