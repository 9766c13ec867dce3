/** A table that `kubectl` printed: cells by the name of their column. */
export type Table = { columns: string[]; rows: Record<string, string>[] };

const headerCell = /^(?:[A-Z][A-Z0-9]*(?:[-/][A-Z0-9]+)*(?:\([A-Za-z%]+\))?%?)(?: [A-Z][A-Z0-9()-]*)*$/;

/** Whether a line is the header of a table: capitals only, and at least two columns. */
export function isHeader(line: string): boolean {
  const cells = split(line);
  return cells.length >= 2 && cells.every((cell) => headerCell.test(cell));
}

/** The table whose header is the first line; undefined where the lines are none. */
export function readTable([header = '', ...lines]: readonly string[]): Table | undefined {
  if (!isHeader(header)) return undefined;
  const columns = split(header);
  const rows = lines.filter((line) => line.trim() !== '').map((line) => row(line, header, columns));
  return { columns, rows };
}

const split = (line: string): string[] =>
  line
    .trim()
    .split(/\t+| {2,}/)
    .filter((cell) => cell !== '');

/** Cells by where the header's words begin; a table that lost its blanks on the way (a chat, a tab) by its gaps. */
function row(line: string, header: string, columns: readonly string[]): Record<string, string> {
  const starts = startsOf(header, columns);
  const isAligned =
    !line.includes('\t') && starts.every((start) => start === 0 || start > line.length || line[start - 1] === ' ');
  const cells = isAligned ? byStart(line, starts) : byGap(line, columns);
  return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
}

function startsOf(header: string, columns: readonly string[]): number[] {
  let from = 0;
  return columns.map((column) => {
    const start = header.indexOf(column, from);
    from = start + column.length;
    return start;
  });
}

const byStart = (line: string, starts: readonly number[]): string[] =>
  starts.map((start, index) => line.slice(start, starts[index + 1]).trim());

function byGap(line: string, columns: readonly string[]): string[] {
  const gapped = split(line);
  if (gapped.length >= columns.length) return joinedTail(gapped, columns.length);
  // "3 (2m ago)" is one cell of two words.
  const words = line.trim().replace(/(\d+) \((\S+) ago\)/, '$1\u00a0($2\u00a0ago)');
  return joinedTail(words.split(/\s+/), columns.length).map((cell) => cell.replaceAll('\u00a0', ' '));
}

/** The last column is the one with free text. */
const joinedTail = (cells: readonly string[], columns: number): string[] => [
  ...cells.slice(0, columns - 1),
  cells.slice(columns - 1).join(' '),
];
