/** So short names are near to many others by chance. */
const LEAST = 6;

/** Whether two names differ by one character that is missing, too many, wrong or swapped with its neighbour. */
function isNear(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return (left.length <= 1 && right.length <= 1) || (left.length === 2 && left === [...right].reverse().join(''));
}

/** A name as it would be meant: some variables begin with the name of the product and most do not. */
const meaning = (name: string): string =>
  name
    .toUpperCase()
    .replaceAll('-', '_')
    .replace(/^AETHERIUS_/, '');

/**
 * Variables that nobody reads and that are called nearly as one that is not set: without a word a list of protected namespaces
 * whose name lacks a letter would protect nothing.
 */
export function misspelt(known: readonly string[], given: Record<string, unknown>): { name: string; meant: string }[] {
  const absent = known.filter((name) => name.length >= LEAST && !Object.hasOwn(given, name));
  const foreign = Object.keys(given).filter((name) => !known.includes(name));
  return foreign.flatMap((name) => {
    const meant = absent.find((one) => isNear(meaning(name), meaning(one)));
    return meant === undefined ? [] : [{ name, meant }];
  });
}
