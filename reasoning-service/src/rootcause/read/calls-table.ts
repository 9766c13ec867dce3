import { isCounter, rateOf } from '../counter.ts';
import { edgeKind } from '../metric-kind.ts';
import type { Call, EdgeSeries, Samples } from '../series.ts';
import { collection, growing } from './collect.ts';
import { type Row, refused, type Table } from './csv.ts';
import { type Field, find, need, numberOf, textOf, timeOf } from './header.ts';

type About = Call & { metric: string };
const keyOf = ({ caller, callee, metric }: About): string => `${caller}\n${callee}\n${metric}`;

const edgeOf = ({ times, values, ...about }: About & Samples): EdgeSeries => {
  const rate = isCounter(about.metric, { times, values }) ? rateOf({ times, values }) : { times, values };
  return { ...about, kind: edgeKind(about.metric), ...rate };
};

type Cells = { metric: (row: Row) => [string, number][] };

/** The metrics of a row: one by name, or a column for each. */
function cellsOf(table: Table, taken: readonly number[]): Cells {
  const [metric, value] = [find(table, 'metric'), find(table, 'value')];
  if (metric !== -1 && value !== -1)
    return { metric: (row) => [[textOf(table, row, metric), numberOf(table, row, value)]] };
  const columns = table.header.flatMap((name, index) =>
    !taken.includes(index) && edgeKind(name) !== 'other' ? [{ name, index }] : [],
  );
  if (columns.length === 0)
    throw refused(table.file, 'neither columns "metric" and "value" nor a latency or traffic column', { line: 1 });
  return { metric: (row) => columns.map(({ name, index }) => [name, numberOf(table, row, index)]) };
}

/** Calls over time: `time,caller,callee,metric,value`, or a column for each metric after the first three. */
export function readEdges(tables: readonly Table[]): EdgeSeries[] {
  const all = collection<About>(keyOf);
  for (const table of tables) {
    const [time, caller, callee] = [need(table, 'time'), need(table, 'caller'), need(table, 'callee')];
    const cells = cellsOf(table, [time, caller, callee]);
    const lists = growing(keyOf);
    for (const row of table.rows) {
      const at = timeOf(table, row, time);
      const call = { caller: textOf(table, row, caller), callee: textOf(table, row, callee) };
      for (const [metric, value] of cells.metric(row)) lists.add({ ...call, metric }, at, value);
    }
    for (const [about, samples] of lists.all()) all.add(about, samples);
  }
  return all.finish().map(edgeOf);
}

/** Metrics of calls that are of no known kind, with the reason that they say nothing. */
export const unknownOf = (edges: readonly EdgeSeries[]): string[] =>
  [...new Set(edges.filter(({ kind }) => kind === 'other').map(({ metric }) => metric))].map(
    (metric) => `${metric} of calls (of no known kind of metric)`,
  );

/** Columns of a call graph that are of calls over time, which are not read from there. */
export const besideCalls = (table: Table): string[] =>
  (['time', 'metric', 'value'] satisfies Field[]).flatMap((field) => {
    const at = find(table, field);
    return at === -1
      ? []
      : `${table.file}: ${table.header[at]} (a graph tells who calls whom; --edges reads how it went)`;
  });

/** The call graph: `caller,callee`. */
export function readCalls(table: Table): Call[] {
  const at = { caller: need(table, 'caller'), callee: need(table, 'callee') };
  return table.rows.map((row) => ({ caller: textOf(table, row, at.caller), callee: textOf(table, row, at.callee) }));
}
