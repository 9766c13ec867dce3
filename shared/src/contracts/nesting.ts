/** A manifest is about ten deep; what is nested far deeper would exhaust the stack of whoever walks it. */
export const DEEPEST = 200;

/** Whether a value can be walked; told without recursion, which is what deep nesting breaks. */
export function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return false;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return true;
}
