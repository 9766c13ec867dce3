import { defineErrors } from '@aetherius/shared/errors';

const inputErrors = defineErrors({
  unreadable_input: { status: 400, retryable: false, title: 'The input cannot be read' },
});

/** A record with its line in the file. */
export type Row = { line: number; cells: string[] };

/** A table with the name it is known by in errors. */
export type Table = { file: string; header: string[]; rows: Row[] };

export const refused = (file: string, problem: string, where: { line?: number; column?: string } = {}): Error =>
  inputErrors.unreadable_input({ file, ...where, problem });

type Cell = { text: string; end: number };

/** A cell in quotes: up to the quote that is not doubled, line breaks included. */
function quotedCell(file: string, text: string, start: number): Cell {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end === -1) throw refused(file, 'a quote is never closed', { line: lineAt(text, start) });
  return { text: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
}

const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length;

const separator = /[,\n]/g;
/** What other programs write between cells. */
const separators = [
  [';', 'semicolons (";")'],
  ['\t', 'tabs'],
  ['|', 'bars ("|")'],
] as const;

/** A cell without quotes, up to the next comma or line end; a quote within it is a character like any other. */
function bareCell(text: string, start: number): Cell {
  separator.lastIndex = start;
  const end = separator.exec(text)?.index ?? text.length;
  return { text: text.slice(start, end).replace(/\r$/, ''), end };
}

/** Records of a text with quotes (RFC 4180); what follows a closing quote within its cell is kept. */
function* quotedRecords(file: string, text: string): Generator<Row> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const start = at;
    const cells: string[] = [];
    let more = true;
    while (more) {
      const quoted = text[at] === '"' ? quotedCell(file, text, at) : { text: '', end: at };
      const rest = bareCell(text, quoted.end);
      cells.push(quoted.text + rest.text);
      more = text[rest.end] === ',';
      at = rest.end + 1;
    }
    yield { line, cells };
    line += text.slice(start, at).split('\n').length - 1;
  }
}

function* plainRecords(text: string): Generator<Row> {
  let line = 0;
  for (const record of text.split('\n')) {
    line += 1;
    yield { line, cells: (record.endsWith('\r') ? record.slice(0, -1) : record).split(',') };
  }
}

/** A CSV text with a header line. Empty lines are skipped; a row with more or fewer cells than the header is refused. */
export function parseCsv(file: string, text: string): Table {
  const whole = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const records = whole.includes('"') ? quotedRecords(file, whole) : plainRecords(whole);
  const filled = [...records].filter(({ cells }) => cells.length > 1 || (cells[0] ?? '').trim() !== '');
  const [first, ...rows] = filled;
  if (first === undefined) throw refused(file, 'the file is empty');
  const header = first.cells.map((cell) => cell.trim());
  const other = header.length > 1 ? undefined : separators.find(([mark]) => (header[0] ?? '').includes(mark));
  if (other !== undefined)
    throw refused(file, `the cells are separated by ${other[1]}; a comma is needed`, { line: first.line });
  const uneven = rows.find(
    ({ cells }) => cells.length < header.length || cells.slice(header.length).some((cell) => cell.trim() !== ''),
  );
  if (uneven !== undefined)
    throw refused(file, `${uneven.cells.length} cells, but the header names ${header.length}`, { line: uneven.line });
  return { file, header, rows };
}
