/** Where the first text lies that Postgres could not keep (a NUL or half a surrogate pair), or undefined. */
export const unstorable = (value: unknown): string | undefined => placeIn(value)?.join('.');

/** The way is put together on the way back: nearly every value is sound, and is walked for each event. */
function placeIn(value: unknown): string[] | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const place = isStorable(key) ? placeIn(item) : [];
    if (place !== undefined) return [key, ...place];
  }
  return undefined;
}

const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
