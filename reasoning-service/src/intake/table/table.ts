import { columnsIn, kindOfColumns, type Table } from './layouts.ts';
import { withWholeMessages } from './long-messages.ts';
import { shapedRow } from './row-shapes.ts';

const headerCell = /^%?(?:[A-Z][A-Z0-9]*(?:[-/][A-Z0-9]+)*(?:\([A-Za-z%]+\))?%?)(?: [A-Z][A-Z0-9()-]*)*$/;

/** Whether a line is the header of a table: capitals only, and at least two columns. */
export function isHeader(line: string): boolean {
  const cells = split(line);
  if (!cells.every((cell) => headerCell.test(cell))) return false;
  return cells.length >= 2 || (cells[0]?.includes(' ') === true && kindOfColumns(columnsOf(line)) !== undefined);
}

/** Columns parted by two blanks; where a chat or a narrow screen left one, by the words that columns are known to have. */
function columnsOf(header: string): string[] {
  const gapped = split(header);
  if (kindOfColumns(gapped) !== undefined) return gapped;
  const words = gapped.flatMap(columnsIn);
  return kindOfColumns(words) === undefined ? gapped : words;
}

/** The table whose header is the first line; undefined where the lines are none. */
export function readTable([header = '', ...lines]: readonly string[]): Table | undefined {
  if (!isHeader(header)) return undefined;
  const columns = columnsOf(header);
  const starts = startsOf(header, columns);
  const whole = kindOfColumns(columns) === 'Event' ? withWholeMessages(header, lines) : lines;
  const rows = whole.filter((line) => line.trim() !== '').map((line) => rowOf(line, columns, starts));
  return { columns, rows };
}

/** What two blanks or a tab part. */
export const split = (line: string): string[] =>
  line
    .trim()
    .split(/\t+| {2,}/)
    .filter((cell) => cell !== '');

/** A row by its first line; what stands below that is of its message. */
function rowOf(line: string, columns: readonly string[], starts: readonly number[]): Record<string, string> {
  const [first = '', ...below] = line.split('\n');
  const cells = row(first, columns, starts);
  const { MESSAGE: message } = cells;
  return below.length === 0 || message === undefined ? cells : { ...cells, MESSAGE: [message, ...below].join('\n') };
}

/** Cells by where the header's words begin; a table that lost its blanks on the way (a chat, a tab) by its gaps. */
function row(line: string, columns: readonly string[], starts: readonly number[]): Record<string, string> {
  const isAligned =
    /^\s|\S {2,}\S/.test(line) &&
    !line.includes('\t') &&
    starts.every((start) => start === 0 || start > line.length || line[start - 1] === ' ');
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
  const shaped = shapedRow(line);
  if (shaped !== undefined && kindOfColumns(columns) === shaped.kind)
    return columns.map((one) => shaped.cells[one] ?? '');
  // "3 (2m ago)" and "3m (x4 over 9m)" are each one cell of several words.
  const words = line
    .trim()
    .replace(/(\d+) \((\S+) ago\)/, '$1\u00a0($2\u00a0ago)')
    .replace(/(\d[smhd]) \((x\d+) over (\S+)\)/, '$1\u00a0($2\u00a0over\u00a0$3)');
  return joinedTail(words.split(/\s+/), columns.length).map((cell) => cell.replaceAll('\u00a0', ' '));
}

/** The last column is the one with free text. */
const joinedTail = (cells: readonly string[], columns: number): string[] => [
  ...cells.slice(0, columns - 1),
  cells.slice(columns - 1).join(' '),
];
