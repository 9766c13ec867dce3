import { defineErrors } from '@aetherius/shared/errors';

export const inputErrors = defineErrors({
  unreadable_input: { status: 400, retryable: false, title: 'The input cannot be read' },
});

/** A table with the name it is known by in errors; `line` of a row is its line in the file. */
export type Table = { file: string; header: string[]; rows: { line: number; cells: string[] }[] };

export const refused = (file: string, problem: string, where: { line?: number; column?: string } = {}): Error =>
  inputErrors.unreadable_input({ file, ...where, problem });

type State = { cells: string[]; cell: string; quoted: boolean };

/** Cells of a text with quotes (RFC 4180), one record at a time; a quoted cell may hold line breaks. */
function* quotedRecords(text: string): Generator<{ line: number; cells: string[] }> {
  let line = 1;
  let start = 1;
  const state: State = { cells: [], cell: '', quoted: false };
  for (let at = 0; at <= text.length; at += 1) {
    const character = text[at] ?? '\n';
    if (character === '\n') line += 1;
    if (consumed(state, character, text[at + 1])) {
      if (state.quoted && character === '"') at += 1;
      continue;
    }
    if (character !== '\n') continue;
    yield { line: start, cells: [...state.cells, state.cell] };
    Object.assign(state, { cells: [], cell: '' });
    start = line;
  }
}

/** Takes one character into the record; false at its end. A doubled quote inside quotes is one quote. */
function consumed(state: State, character: string, next: string | undefined): boolean {
  if (state.quoted) {
    if (character === '"' && next !== '"') state.quoted = false;
    else state.cell += character;
    return true;
  }
  if (character === '"') state.quoted = true;
  else if (character === ',') {
    state.cells.push(state.cell);
    state.cell = '';
  } else if (character === '\n') return false;
  else if (character !== '\r') state.cell += character;
  return true;
}

function* plainRecords(text: string): Generator<{ line: number; cells: string[] }> {
  let line = 0;
  for (const record of text.split('\n')) {
    line += 1;
    yield { line, cells: (record.endsWith('\r') ? record.slice(0, -1) : record).split(',') };
  }
}

/** A CSV text with a header line. Empty lines are skipped; a row with more cells than the header is refused. */
export function parseCsv(file: string, text: string): Table {
  const whole = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const records = whole.includes('"') ? quotedRecords(whole) : plainRecords(whole);
  const filled = [...records].filter(({ cells }) => cells.length > 1 || (cells[0] ?? '').trim() !== '');
  const [first, ...rows] = filled;
  if (first === undefined) throw refused(file, 'the file is empty');
  const header = first.cells.map((cell) => cell.trim());
  const long = rows.find(
    ({ cells }) => cells.length > header.length && cells.slice(header.length).some((cell) => cell.trim() !== ''),
  );
  if (long !== undefined)
    throw refused(file, `${long.cells.length} cells, but the header names ${header.length}`, { line: long.line });
  return { file, header, rows };
}
