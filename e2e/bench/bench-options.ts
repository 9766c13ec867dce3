/** A line for people, and as the last one the figures. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Whole numbers above zero from the command line; a wrong one ends the bench with a line that names its flag. */
export function readCounts<K extends string>(given: Record<K, string>): Record<K, number> {
  const read = Object.entries<string>(given).map(([flag, text]) => {
    const count = Number(text);
    if (!Number.isInteger(count) || count < 1) {
      process.stderr.write(`--${flag} ${text}: not a whole number above 0\n`);
      process.exit(2);
    }
    return [flag, count] as const;
  });
  return Object.fromEntries(read) as Record<K, number>;
}
