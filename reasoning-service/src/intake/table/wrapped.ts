import { isHeader, split } from './table.ts';

/** Narrower and wider than this no terminal is. */
const [LEAST, MOST] = [40, 400];
/** A screen is copied by hand; more lines come from a file. */
const MOST_LINES = 5_000;
/** A line with so many cells is a row of its own. */
const CELLS = 3;

/** Lines of a table that a narrow terminal broke, put together again: those as long as the longest go on in the next line, unless that is a row. */
export function unwrapped(lines: readonly string[]): readonly string[] {
  if (lines.length > MOST_LINES) return lines;
  const width = Math.max(...lines.map(({ length }) => length));
  const full = lines.filter(({ length }) => length === width).length;
  if (width < LEAST || width > MOST || full < 2 || !lines.some(isHeader)) return lines;
  const found: string[] = [];
  let isOpen = false;
  for (const line of lines) {
    const goesOn =
      isOpen && line.trim() !== '' && (!isHeader(line) || isHeader(found.at(-1) ?? '')) && split(line).length < CELLS;
    if (goesOn) found.splice(-1, 1, `${found.at(-1)}${line}`);
    else found.push(line);
    isOpen = line.length === width;
  }
  return found;
}
