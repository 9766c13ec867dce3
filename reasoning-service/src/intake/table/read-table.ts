import { troubleInUnread } from '../../diagnosis/verdict/unread-trouble.ts';
import { isClusterWide, kindOfWord } from '../kind-names.ts';
import { listingsOf } from '../kubernetes.ts';
import { ageSeconds, before } from '../moment.ts';
import { isLabel, isObjectName } from '../object-name.ts';
import { type ReadEvent, type Reading, type ReadObject, reading, unreadable } from '../reading.ts';
import type { Command } from '../transcript.ts';
import { aboutOf, allAboutOne } from '../unnamed.ts';
import { usageMetrics } from '../usage.ts';
import { customKind, prefixOf } from './custom-row.ts';
import type { Table } from './layouts.ts';
import { kindOfColumns } from './layouts.ts';
import { bodyOfRow } from './row-bodies.ts';
import { share } from './row-cells.ts';

/** What is known of a table besides itself. */
export type Origin = { file: string; at: string; command: Command | undefined };

/** As many objects of a kind as are read of a live cluster. */
const MOST_ROWS = 5_000;
/** The cells of a row that is well, whatever its kind; the others are kept first. */
const wellWords = new Set(['Running', 'Completed', 'Succeeded', 'Ready', 'Bound', 'Active', 'Normal', 'True']);

/** A table of `kubectl get`, `kubectl get events`, `kubectl events` or `kubectl top`. */
export function readTableOf(whole: Table, origin: Origin): Reading {
  const { rows } = whole;
  const table = { ...whole, rows: keptOf(rows) };
  const found = readRows(table, origin);
  if (rows.length <= MOST_ROWS) return found;
  return {
    ...found,
    complete: [],
    cut: [`${origin.file}: ${rows.length - MOST_ROWS} of ${rows.length} rows, those that are well before the others`],
  };
}

type Row = Table['rows'][number];

/** A row whose cells show trouble: a state that is not a good one, or less ready than wanted. */
function isTroubled(row: Row): boolean {
  const word = row['STATUS'] ?? row['TYPE'];
  const ready = share(row['READY'] ?? '');
  return (word !== undefined && !wellWords.has(word)) || (ready !== undefined && ready.part < ready.whole);
}

/** Of too many rows those in trouble stay, then the first ones, in their order. */
function keptOf(rows: readonly Row[]): Row[] {
  if (rows.length <= MOST_ROWS) return [...rows];
  const troubled = rows.filter(isTroubled).slice(0, MOST_ROWS);
  const room = MOST_ROWS - troubled.length;
  const kept = new Set([...troubled, ...rows.filter((row) => !isTroubled(row)).slice(0, room)]);
  return rows.filter((row) => kept.has(row));
}

function readRows(table: Table, origin: Origin): Reading {
  const { command, file } = origin;
  const asked = command?.kinds.length === 1 ? command.kinds[0] : undefined;
  const kind =
    table.kind ?? kindOfColumns(table.columns) ?? asked ?? kindOfNames(table) ?? customKind(table.rows, command);
  if (kind === undefined) return unreadable(file, strangeTable(table));
  if (kind === 'Usage') return readUsageTable(table, origin);
  if (kind === 'Event' || kind === 'Said') return readEventTable(table, origin);
  const read = table.rows.map((row) => ({ row, object: objectOf(kind, row, origin) }));
  const objects = read.flatMap(({ object }) => (object === undefined ? [] : [object]));
  const strange = read.find(({ row, object }) => object === undefined && row['NAME'] !== '')?.row;
  return reading({
    objects,
    complete:
      strange === undefined && table.isPart !== true && isWhole(objects, command) ? wholeOf(objects, command) : [],
    unread: strange === undefined ? [] : [noRow(file, kind, strange)],
  });
}

const strangeTable = ({ columns, rows }: Table): string =>
  `a table with the columns ${columns.join(', ')}${troubleInUnread(rows.map((row) => Object.values(row).join('  ')).join('\n'))}`;

const noRow = (file: string, kind: string, row: Record<string, string>): Reading['unread'][number] => {
  const line = Object.values(row).join(' ').trim().slice(0, 80);
  return { file, reason: `a line in the table of ${kind}s that is no row of it: "${line}"` };
};

/** `pod/cart-1`, as `kubectl get all` prints names. */
const kindOfNames = ({ rows }: Table): string | undefined => {
  const [word, name] = (rows[0]?.['NAME'] ?? '').split('/');
  return name === undefined || word === undefined ? undefined : kindOfWord(word);
};

/** Lines of another program may stand below a table; undefined where the cells cannot be those of an object. */
function objectOf(tableKind: string, row: Record<string, string>, { at, command }: Origin): ReadObject | undefined {
  const [full = ''] = (row['NAME'] ?? '').split(' ');
  const slash = full.indexOf('/');
  const kind = prefixOf(full) ?? tableKind;
  const name = full.slice(slash + 1);
  if (!isObjectName(kind, name) || !isInPlace(kind, row)) return undefined;
  const namespace = isClusterWide(kind) ? null : namespaceOf(row, command);
  return { detail: 'row', kind, namespace, name, body: bodyOfRow(kind, row, at) };
}

function isInPlace(kind: string, row: Record<string, string>): boolean {
  const { NAMESPACE: namespace, READY: ready } = row;
  if (namespace !== undefined && !isClusterWide(kind) && !isLabel(namespace)) return false;
  return kind !== 'Pod' || ready === undefined || share(ready) !== undefined;
}

/** Every namespace has these, so a listing that shows them was not narrowed down. */
const always: Record<string, string> = { ConfigMap: 'kube-root-ca.crt', ServiceAccount: 'default' };

/** Without its command line, one row may be all that was asked for, and pods are often asked for by label. */
function isWhole(objects: readonly ReadObject[], command: Command | undefined): boolean {
  if (command !== undefined) return !command.isPartial;
  if (objects.some(({ kind, name }) => always[kind] === name)) return true;
  return objects.length > 1 && !objects.some(({ kind }) => kind === 'Pod');
}

const wholeOf = (objects: readonly ReadObject[], command: Command | undefined): Reading['complete'] =>
  listingsOf(objects).map(({ kind, namespace }) => ({
    kind,
    namespace:
      command === undefined || isClusterWide(kind)
        ? namespace
        : command.namespace === undefined
          ? namespace
          : command.namespace,
  }));

/** `3m5s (x12 over 45m)`: when last, how often, since when. */
export function occurrences(age: string, at: string): { count: number; first: string | null; last: string } {
  const [, last = '', times, since] = /^(\S+)(?: \(x(\d+) over (\S+)\))?/.exec(age) ?? [];
  const lastSeconds = ageSeconds(last);
  const firstSeconds = since === undefined ? undefined : ageSeconds(since);
  return {
    count: times === undefined ? 1 : Math.max(1, Number(times)),
    first: firstSeconds === undefined ? null : before(at, firstSeconds),
    last: lastSeconds === undefined ? at : before(at, lastSeconds),
  };
}

function readEventTable({ rows, kind }: Table, origin: Origin): Reading {
  const events = rows.map((row) => ({ row, event: eventOf(row, origin) }));
  const known = events.flatMap(({ event }) => (event === undefined ? [] : [event]));
  return reading({
    events: kind === 'Said' ? allAboutOne(known) : known,
    unread: events
      .filter(({ event }) => event === undefined)
      .map(({ row }) => ({
        file: origin.file,
        reason: `a row of events without an object: ${Object.values(row).join(' ').slice(0, 120)}`,
      })),
  });
}

function eventOf(row: Record<string, string>, { at, command }: Origin): ReadEvent | undefined {
  const cell = (column: string): string => row[column] ?? '';
  const said = {
    type: cell('TYPE') || 'Normal',
    reason: cell('REASON'),
    message: cell('MESSAGE').replace(fieldPath, ''),
    component: cell('SOURCE').split(',')[0] || null,
  };
  const about = row['OBJECT'] === undefined ? aboutOf(said, command) : objectIn(row, command);
  if (about === undefined) return undefined;
  const { count, first, last } = occurrences(cell('LAST SEEN'), at);
  return {
    ...said,
    ...about,
    count: Number(cell('COUNT')) || count,
    first_timestamp: first,
    last_timestamp: last,
  };
}

/** Newer versions of `kubectl describe` put before the message which container it is about. */
export const fieldPath = /^spec\.\w+\{[^}]*\}: /;

function objectIn(
  row: Record<string, string>,
  command: Command | undefined,
): Pick<ReadEvent, 'kind' | 'namespace' | 'name'> | undefined {
  const [word = '', name] = (row['OBJECT'] ?? '').split('/');
  const kind = kindOfWord(word) ?? word;
  if (name === undefined || !isObjectName(kind, name)) return undefined;
  return { kind, namespace: isClusterWide(kind) ? null : namespaceOf(row, command), name };
}

const namespaceOf = (row: Record<string, string>, command: Command | undefined): string | undefined =>
  row['NAMESPACE'] ?? command?.namespace ?? undefined;

/** How much of what a node has is in use, in percent. */
const shares = (row: Record<string, string>, labels: Record<string, string>, at: string): Reading['metrics'] =>
  (['CPU', 'MEMORY'] as const).flatMap((resource) => {
    const [, percent] = /^(\d{1,4})%$/.exec(row[`${resource}(%)`] ?? row[`${resource}%`] ?? '') ?? [];
    const name = `${resource.toLowerCase()}_usage_percent`;
    return percent === undefined ? [] : [{ name, labels, points: [[at, Number(percent)]] }];
  });

function readUsageTable({ rows, columns }: Table, { at, command }: Origin): Reading {
  const isNodes = columns.some((column) => column === 'CPU(%)' || column === 'CPU%');
  const metrics = rows.flatMap((row) => {
    const namespace = row['NAMESPACE'] ?? command?.namespace ?? '';
    const pod = row['POD'] ?? row['NAME'] ?? '';
    const container = row['POD'] === undefined ? {} : { container: row['NAME'] ?? '' };
    const labels: Record<string, string> = isNodes ? { node: row['NAME'] ?? '' } : { namespace, pod, ...container };
    const used = usageMetrics(labels, { cpu: row['CPU(cores)'], memory: row['MEMORY(bytes)'] }, at);
    return isNodes ? [...used, ...shares(row, labels, at)] : used;
  });
  return reading({ metrics });
}
