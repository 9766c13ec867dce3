import type { JsonObject } from '@aetherius/shared/contracts';

type Row = Record<string, string>;

/** A cell's text, or undefined where it is empty or says that there is none. */
export const text = (row: Row, column: string): string | undefined => {
  const cell = row[column];
  return cell === undefined || cell === '' || cell === '<none>' || cell === '<unset>' ? undefined : cell;
};

/** A cell's number, or undefined. */
export const count = (row: Row, column: string): number | undefined => {
  const cell = text(row, column);
  return cell === undefined || !/^\d+$/.test(cell) ? undefined : Number(cell);
};

/** A cell that says yes or no, or undefined. */
export const truth = (row: Row, column: string): boolean | undefined => {
  const cell = text(row, column)?.toLowerCase();
  return cell === 'true' ? true : cell === 'false' ? false : undefined;
};

/** `2/3` as two numbers. */
export function share(cell: string | undefined): { part: number; whole: number } | undefined {
  const [, part, whole] = /^(\d+)\/(\d+)/.exec(cell ?? '') ?? [];
  return part === undefined ? undefined : { part: Number(part), whole: Number(whole) };
}

/** `a=1,b=2` as a map, or undefined for none. */
export function pairs(cell: string | undefined): Record<string, string> | undefined {
  if (cell === undefined || !cell.includes('=')) return undefined;
  return Object.fromEntries(
    cell.split(',').map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
}

/** The labels that `--show-labels` adds. */
export const labelsOf = (row: Row): JsonObject => {
  const labels = pairs(text(row, 'LABELS'));
  return labels === undefined ? {} : { labels };
};

/** An object without the fields that are undefined. */
export const known = (fields: Record<string, JsonObject[string] | undefined>): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, JsonObject[string]] => entry[1] !== undefined),
  );
