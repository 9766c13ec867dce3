/** A line of `kubectl describe` with the lines indented below it. */
export type Line = { indent: number; text: string; key: string | undefined; value: string; below: Line[] };

const keyed = /^([^\s:][^:]*?):(?:\s+(.*))?$/;

/** A row of the events at the end of a description; their messages may go on below, at the margin. */
const eventRow = /^ {1,4}[A-Z]\w{2,20} +\S+ +(?:\d|<)/;
/** No more of a message says what happened. */
const MOST_MESSAGE = 2_000;

/** The lines of a text, each event with all of its message in its own. */
function whole(text: string): string[] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => /^\s*Events:\s*$/.test(line));
  if (from < 0) return lines;
  const found = lines.slice(0, from + 1);
  let isOpen = false;
  for (const line of lines.slice(from + 1)) {
    const last = found.length - 1;
    const isRow = eventRow.test(line);
    if (isRow || !isOpen || line.trim() === '') found.push(line);
    else found[last] = `${found[last]} ${line.trim()}`.slice(0, MOST_MESSAGE);
    isOpen = isRow || (isOpen && line.trim() !== '');
  }
  return found;
}

/** The lines as a tree by their indentation; a line that hangs below a value belongs to that value. */
export function outline(text: string): Line[] {
  const top: Line = { indent: -1, text: '', key: undefined, value: '', below: [] };
  const open = [top];
  for (const raw of whole(text)) {
    if (raw.trim() === '') continue;
    const line = lineOf(raw);
    while ((open.at(-1)?.indent ?? -1) >= line.indent && open.length > 1) open.pop();
    (open.at(-1) ?? top).below.push(line);
    open.push(line);
  }
  return top.below;
}

function lineOf(raw: string): Line {
  const text = raw.trim();
  const [, key, value = ''] = keyed.exec(text) ?? [];
  return { indent: raw.search(/\S/), text, key: key?.trim(), value: value.trim(), below: [] };
}

/** The line with this key. */
export const lineAt = (lines: readonly Line[], ...keys: string[]): Line | undefined =>
  lines.find(({ key }) => key !== undefined && keys.includes(key));

const nothing = new Set(['', '<none>', '<unset>', '<nil>', '<unknown>']);

/** The value of a key, or undefined where there is none. */
export function valueAt(lines: readonly Line[], ...keys: string[]): string | undefined {
  const value = lineAt(lines, ...keys)?.value;
  return value === undefined || nothing.has(value) ? undefined : value;
}

/** A value with all lines that hang below it, such as labels. */
export function valuesAt(lines: readonly Line[], ...keys: string[]): string[] {
  const line = lineAt(lines, ...keys);
  return line === undefined
    ? []
    : [line.value, ...line.below.map(({ text }) => text)].filter((one) => !nothing.has(one));
}

/** The lines below a key. */
export const belowAt = (lines: readonly Line[], ...keys: string[]): Line[] => lineAt(lines, ...keys)?.below ?? [];

/** `a=1` lines as a map. */
export function pairsAt(lines: readonly Line[], ...keys: string[]): Record<string, string> | undefined {
  const pairs = valuesAt(lines, ...keys)
    .flatMap((value) => value.split(','))
    .filter((value) => value.includes('='))
    .map((value): [string, string] => {
      const at = value.indexOf('=');
      return [value.slice(0, at).trim(), value.slice(at + 1).trim()];
    });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

/** `name: value` lines as a map; a long value stands on the line below its name. */
export function annotationsAt(lines: readonly Line[]): Record<string, string> | undefined {
  const line = lineAt(lines, 'Annotations');
  if (line === undefined || line.value === '<none>') return undefined;
  const found: Record<string, string> = {};
  for (const text of [line.value, ...line.below.map((one) => one.text)]) {
    const [, key, value = ''] = /^([\w./-]+):(?:\s+(.*))?$/.exec(text) ?? [];
    if (key !== undefined) found[key] = value;
  }
  return found;
}

/** A number at the beginning of a value. */
export function numberAt(lines: readonly Line[], ...keys: string[]): number | undefined {
  const found = Number.parseInt(valueAt(lines, ...keys) ?? '', 10);
  return Number.isNaN(found) ? undefined : found;
}

/** A table below a key: a header, a rule of hyphens, and cells parted by two blanks. */
export function tableAt(lines: readonly Line[], ...keys: string[]): Record<string, string>[] {
  const [header, ...rest] = belowAt(lines, ...keys);
  if (header === undefined) return [];
  const columns = cells(header.text);
  return rest
    .filter(({ text }) => !/^-[-\s]*$/.test(text))
    .map(({ text }) => {
      const found = cells(text);
      const tail = found.slice(columns.length - 1).join('  ');
      return Object.fromEntries(
        columns.map((column, at) => [column, (at === columns.length - 1 ? tail : found[at]) ?? '']),
      );
    });
}

const cells = (text: string): string[] => text.split(/ {2,}|\t+/);
