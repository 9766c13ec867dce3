/** Where the first field lies that a schema let fall, as `a.0.b`, or undefined; what it made anew is not looked into. */
export function unknownField(given: unknown, kept: unknown): string | undefined {
  if (!isHolder(given) || !isHolder(kept) || Array.isArray(given) !== Array.isArray(kept)) return undefined;
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(kept, key)) return key;
    const inside = unknownField(value, kept[key]);
    if (inside !== undefined) return `${key}.${inside}`;
  }
  return undefined;
}

const isHolder = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
