import { LARGEST } from '../../measured.ts';
import { type Row, refused, type Table } from './csv.ts';
import { parseTime } from './time.ts';

const NAMES = {
  time: [
    'time',
    'timestamp',
    'ts',
    'datetime',
    'date',
    'unix_timestamp',
    'unixtime',
    'epoch',
    'time_stamp',
    'starttime',
    'time_unix_nano',
  ],
  entity: [
    'entity',
    'service',
    'pod',
    'podname',
    'pod_name',
    'node',
    'component',
    'instance',
    'cmdb_id',
    'workload_name',
    'service_name',
    'servicename',
    'container',
    'container_name',
  ],
  metric: ['metric', 'metric_name', 'kpi_name', 'kpi', 'name'],
  value: ['value', 'val'],
  caller: ['caller', 'source', 'from', 'parent', 'client', 'upstream'],
  callee: ['callee', 'destination', 'target', 'to', 'child', 'server', 'downstream'],
  level: ['level', 'severity', 'loglevel', 'log_level'],
  template: ['template', 'event_template', 'eventtemplate', 'log_template'],
  message: ['message', 'msg', 'log', 'body', 'content', 'line', 'text'],
} as const;

export type Field = keyof typeof NAMES;

/** Where a field stands in the header, by the names it goes under; -1 when it is not there. The order of names is their rank. */
export function find(table: Table, field: Field): number {
  const lower = table.header.map((name) => name.toLowerCase());
  for (const name of NAMES[field]) {
    const at = lower.indexOf(name);
    if (at !== -1) return at;
  }
  return -1;
}

/** The same for a field that must be there. */
export function need(table: Table, field: Field): number {
  const at = find(table, field);
  if (at === -1)
    throw refused(table.file, `no column "${field}" (the columns are ${table.header.slice(0, 8).join(', ')})`, {
      line: 1,
    });
  return at;
}

/** Time of a row; refused with file, line and column when it is none. */
export function timeOf(table: Table, row: Row, at: number): number {
  const text = row.cells[at] ?? '';
  const time = parseTime(text);
  if (time === undefined)
    throw refused(table.file, `"${text.slice(0, 40)}" is not a time (ISO 8601 or epoch)`, {
      line: row.line,
      column: table.header[at] ?? '',
    });
  return time;
}

const EMPTY = new Set(['', 'nan', 'null', 'none', 'na', 'n/a', '-', 'inf', '-inf', '+inf', 'infinity', '-infinity']);

/** Number of a cell; a gap is NaN, anything else that is no number is refused with its place. */
export function numberOf(table: Table, row: Row, at: number): number {
  const text = (row.cells[at] ?? '').trim();
  if (EMPTY.has(text.toLowerCase())) return Number.NaN;
  const value = Number(text);
  if (Number.isNaN(value))
    throw refused(table.file, `"${text.slice(0, 40)}" is not a number`, {
      line: row.line,
      column: table.header[at] ?? '',
    });
  if (Math.abs(value) > LARGEST)
    throw refused(table.file, `${text.slice(0, 40)} is beyond ${LARGEST}, which nothing measured is`, {
      line: row.line,
      column: table.header[at] ?? '',
    });
  return value;
}

/** Text of a cell that must say something. */
export function textOf(table: Table, row: Row, at: number): string {
  const text = (row.cells[at] ?? '').trim();
  if (text === '') throw refused(table.file, 'the cell is empty', { line: row.line, column: table.header[at] ?? '' });
  return text;
}
