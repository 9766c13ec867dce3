import { kindOfWord } from '../kind-names.ts';
import type { Table } from './layouts.ts';

const age = String.raw`(?:<unknown>|<invalid>|(?:\d{1,6}(?:ms|[smhdy])){1,4})`;
const often = String.raw`${age}(?: \(x\d{1,9} over ${age}\))?`;
const name = String.raw`(?:[a-z][\w.]{0,100}/)?[a-z0-9][a-z0-9.-]{0,252}`;
const address = String.raw`(?:[\da-fA-F.:]{2,45}|<none>)`;
const word = '[A-Z][A-Za-z]{1,60}';
const of = String.raw`\d{1,5}/\d{1,5}`;
const count = String.raw`\d{1,6}`;
const text = String.raw`\S.{0,3999}`;
const modes = 'R[WO][XOP,RWOM]{1,20}';

/** A row by what its cells look like; those in `also` may be left out, each with all that follow it. */
type Shape = { kind: string; cells: readonly (readonly [column: string, form: string])[]; also?: Shape['cells'] };

/** What `kubectl` lists, told by the cells alone. Events of a description come as `Said`, which names no object. */
const shapes: readonly Shape[] = [
  {
    kind: 'Pod',
    cells: [
      ['NAME', name],
      ['READY', of],
      ['STATUS', String.raw`${word}(?::[\w/]{1,60})?`],
      ['RESTARTS', String.raw`\d{1,7}(?: \(${age} ago\))?`],
      ['AGE', age],
    ],
    also: [
      ['IP', address],
      ['NODE', String.raw`[a-z0-9<][\w.>-]{0,252}`],
    ],
  },
  {
    kind: 'Event',
    cells: [
      ['LAST SEEN', often],
      ['TYPE', '(?:Normal|Warning)'],
      ['REASON', word],
      ['OBJECT', String.raw`[A-Za-z][\w.]{0,100}/[a-z0-9][\w.:-]{0,252}`],
      ['MESSAGE', text],
    ],
  },
  {
    kind: 'Said',
    cells: [
      ['TYPE', '(?:Normal|Warning)'],
      ['REASON', word],
      ['LAST SEEN', often],
      ['SOURCE', String.raw`[a-z][\w./-]{1,100}(?:, [a-z0-9.-]{1,253})?`],
      ['MESSAGE', text],
    ],
  },
  {
    kind: 'Node',
    cells: [
      ['NAME', name],
      ['STATUS', '(?:(?:Not)?Ready|Unknown)(?:,SchedulingDisabled)?'],
      ['ROLES', String.raw`[a-z<][\w,.>-]{1,200}`],
      ['AGE', age],
      ['VERSION', String.raw`v\d{1,3}\.\d{1,3}\S{0,60}`],
    ],
  },
  {
    kind: 'Deployment',
    cells: [
      ['NAME', name],
      ['READY', of],
      ['UP-TO-DATE', count],
      ['AVAILABLE', count],
      ['AGE', age],
    ],
  },
  {
    kind: 'DaemonSet',
    cells: [
      ['NAME', name],
      ['DESIRED', count],
      ['CURRENT', count],
      ['READY', count],
      ['UP-TO-DATE', count],
      ['AVAILABLE', count],
      ['NODE SELECTOR', String.raw`[\w<][\w./=,>-]{1,300}`],
      ['AGE', age],
    ],
  },
  {
    kind: 'ReplicaSet',
    cells: [
      ['NAME', name],
      ['DESIRED', count],
      ['CURRENT', count],
      ['READY', count],
      ['AGE', age],
    ],
  },
  {
    kind: 'Job',
    cells: [
      ['NAME', name],
      ['STATUS', '(?:Running|Complete|Failed|Suspended|FailureTarget|SuccessCriteriaMet|Terminating)'],
      ['COMPLETIONS', of],
      ['DURATION', age],
      ['AGE', age],
    ],
  },
  {
    kind: 'PersistentVolumeClaim',
    cells: [
      ['NAME', name],
      ['STATUS', '(?:Bound|Lost|Terminating)'],
      ['VOLUME', name],
      ['CAPACITY', String.raw`\d\w{0,20}`],
      ['ACCESS MODES', modes],
      ['STORAGECLASS', name],
      ['VOLUMEATTRIBUTESCLASS', '<unset>'],
      ['AGE', age],
    ],
  },
  {
    kind: 'PersistentVolumeClaim',
    cells: [
      ['NAME', name],
      ['STATUS', '(?:Bound|Lost|Terminating)'],
      ['VOLUME', name],
      ['CAPACITY', String.raw`\d\w{0,20}`],
      ['ACCESS MODES', modes],
      ['STORAGECLASS', name],
      ['AGE', age],
    ],
  },
  {
    kind: 'PersistentVolumeClaim',
    cells: [
      ['NAME', name],
      ['STATUS', 'Pending'],
      ['STORAGECLASS', `(?:${name})`],
      ['VOLUMEATTRIBUTESCLASS', '<unset>'],
      ['AGE', age],
    ],
  },
  {
    kind: 'PersistentVolumeClaim',
    cells: [
      ['NAME', name],
      ['STATUS', 'Pending'],
      ['STORAGECLASS', `(?:${name})`],
      ['AGE', age],
    ],
  },
  {
    kind: 'HorizontalPodAutoscaler',
    cells: [
      ['NAME', name],
      ['REFERENCE', '[A-Z][A-Za-z]{1,60}/[a-z0-9][a-z0-9.-]{0,252}'],
      ['TARGETS', String.raw`[\w<][^\n]{0,200}?/\S{1,30}`],
      ['MINPODS', String.raw`(?:\d{1,6}|<unset>)`],
      ['MAXPODS', count],
      ['REPLICAS', count],
      ['AGE', age],
    ],
  },
  {
    kind: 'CronJob',
    cells: [
      ['NAME', name],
      ['SCHEDULE', String.raw`(?:@[a-z]{4,10}|(?:[\d*/,-]{1,60} ){4}[\w*/,-]{1,60})`],
      ['TIMEZONE', '(?:<none>|[A-Za-z_]{2,40}(?:/[A-Za-z_]{2,40})?)'],
      ['SUSPEND', '(?:True|False)'],
      ['ACTIVE', count],
      ['LAST SCHEDULE', `(?:${age}|<none>)`],
      ['AGE', age],
    ],
  },
  {
    kind: 'Service',
    cells: [
      ['NAME', name],
      ['TYPE', '(?:ClusterIP|NodePort|LoadBalancer|ExternalName)'],
      ['CLUSTER-IP', '(?:[\\da-fA-F.:]{2,45}|<none>|None)'],
      ['EXTERNAL-IP', String.raw`[\w<][\w.,:>-]{1,253}`],
      ['PORT(S)', String.raw`(?:\d[\w:/,]{1,300}|<none>)`],
      ['AGE', age],
    ],
  },
  {
    kind: 'APIService',
    cells: [
      ['NAME', String.raw`v\d[a-z\d]{0,20}\.[a-z0-9.-]{0,240}`],
      ['SERVICE', '(?:Local|[a-z0-9-]{1,63}/[a-z0-9-]{1,63})'],
      ['AVAILABLE', String.raw`(?:True|False|Unknown)(?: \(${word}\))?`],
      ['AGE', age],
    ],
  },
  {
    kind: 'StatefulSet',
    cells: [
      ['NAME', name],
      ['READY', of],
      ['AGE', age],
    ],
  },
  {
    kind: 'Namespace',
    cells: [
      ['NAME', name],
      ['STATUS', '(?:Active|Terminating)'],
      ['AGE', age],
    ],
  },
];

const GAP = String.raw`[ \t]+`;
const spaced = `(?:([a-z0-9][a-z0-9-]{0,62})${GAP})?`;

function patternOf({ cells, also = [] }: Shape): RegExp {
  const own = cells.map(([, form]) => `(${form})`).join(GAP);
  const more = also.reduceRight((after, [, form]) => `(?:${GAP}(${form})${after})?`, '');
  // Any table may show more with `-o wide`; of an event the rest is the message.
  return new RegExp(String.raw`^\s{0,8}${spaced}${own}${more}(?:${GAP}.{0,4000})?$`);
}

const forms = shapes.map((shape) => ({
  kind: shape.kind,
  columns: ['NAMESPACE', ...[...shape.cells, ...(shape.also ?? [])].map(([column]) => column)],
  pattern: patternOf(shape),
}));

/** Each of these rows has an age. */
const hasAge = /\d(?:ms|[smhdy])(?=[\s)]|$)|<unknown>|<invalid>/;
const MOST_LETTERS = 5_000;

/** A row as its cells tell it: what it lists, and its cells by the names of their columns. */
export type ShapedRow = { kind: string; columns: string[]; cells: Record<string, string> };

/** What a line shows that is a row of a table without its header; of the kind that was asked for, where that is known. */
export function shapedRow(line: string, asked?: string): ShapedRow | undefined {
  if (line.length > MOST_LETTERS || !hasAge.test(line)) return undefined;
  for (const { kind, columns, pattern } of forms) {
    const found = pattern.exec(line);
    if (found === null || !isMeant(kind, found[2] ?? '', asked)) continue;
    const cells = columns.flatMap((column, at): [string, string][] => {
      const cell = found[at + 1];
      return cell === undefined ? [] : [[column, cell.trim()]];
    });
    return { kind, columns: cells.map(([column]) => column), cells: Object.fromEntries(cells) };
  }
  return undefined;
}

/** Three cells with a share and an age are not only a StatefulSet's; `pod/cart-1` names its kind. */
function isMeant(kind: string, first: string, asked: string | undefined): boolean {
  const prefix = first.includes('/') ? kindOfWord(first.split('/')[0] ?? '') : undefined;
  if (prefix !== undefined && kind !== 'Event' && kind !== 'Said') return prefix === kind;
  return kind !== 'StatefulSet' || asked === kind;
}

/** Rows of one kind, one after another, as tables. */
export function tablesOf(rows: readonly ShapedRow[]): Table[] {
  const tables: (Table & { kind: string })[] = [];
  for (const { kind, columns, cells } of rows) {
    const last = tables.at(-1);
    if (last?.kind === kind) last.rows.push(cells);
    else tables.push({ kind, columns, rows: [cells], isPart: true });
  }
  return tables;
}
