/** Where the first text lies that Postgres could not keep (a NUL or half a surrogate pair), or undefined. */
export function unstorable(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const inside = path === '' ? key : `${path}.${key}`;
    const found = unstorable(key, inside) ?? unstorable(item, inside);
    if (found !== undefined) return found;
  }
  return undefined;
}
