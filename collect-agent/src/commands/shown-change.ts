import type { Json, JsonObject } from '@aetherius/shared/contracts';
import { looksSecret, MASKED, maskedObject } from '../evidence/mask.ts';

/** Changed values by path as they may be shown: a variable whose name looks secret keeps its value to itself. */
export const shownChange = (values: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(values).map(([path, value]) => [path, shown(path, value)]));

function shown(path: string, value: Json): Json {
  const variable = /\.env\[([^\]]+)\]\.value$/.exec(path)?.[1];
  return variable !== undefined && looksSecret(variable) ? MASKED : maskedObject(value);
}
