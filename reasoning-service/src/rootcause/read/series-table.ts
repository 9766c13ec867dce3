import { type Column, columnOf } from '../column.ts';
import { isCounter, rateOf } from '../counter.ts';
import { metricKind } from '../metric-kind.ts';
import type { Samples, Series } from '../series.ts';
import { collection, growing } from './collect.ts';
import { refused, type Table } from './csv.ts';
import { find, need, numberOf, textOf, timeOf } from './header.ts';

type Found = { samples: [Column, Samples][]; ignored: string[] };

const keyOf = ({ entity, metric }: Column): string => `${entity}\n${metric}`;

/** time, entity, metric, value: one sample a row. */
function fromLong(table: Table, at: { time: number; entity: number; metric: number; value: number }): Found {
  const lists = growing(keyOf);
  for (const row of table.rows) {
    const about = { entity: textOf(table, row, at.entity), metric: textOf(table, row, at.metric) };
    lists.add(about, timeOf(table, row, at.time), numberOf(table, row, at.value));
  }
  return { samples: lists.all(), ignored: [] };
}

/** time, entity, then a column for each metric: the file of one pod, or of several. */
function fromEntityRows(table: Table, at: { time: number; entity: number }): Found {
  const columns = table.header
    .map((metric, index) => ({ metric, index }))
    .filter(({ index }) => index !== at.time && index !== at.entity);
  const used = columns.filter(({ metric }) => metricKind(metric) !== 'other');
  const lists = growing(keyOf);
  for (const row of table.rows) {
    const time = timeOf(table, row, at.time);
    const entity = textOf(table, row, at.entity);
    for (const { metric, index } of used) lists.add({ entity, metric }, time, numberOf(table, row, index));
  }
  const ignored = columns
    .filter(({ metric }) => metricKind(metric) === 'other')
    .map(({ metric }) => unknownKind(metric));
  return { samples: lists.all(), ignored };
}

const unknownKind = (metric: string): string => `${metric} (of no known kind of metric)`;

/** time, then a column for each entity and metric. */
function fromWide(table: Table, at: { time: number }): Found {
  const times = table.rows.map((row) => timeOf(table, row, at.time));
  const samples: [Column, Samples][] = [];
  const ignored: string[] = [];
  table.header.forEach((name, index) => {
    if (index === at.time) return;
    const column = columnOf(name);
    if (column === undefined) ignored.push(`${name} (names no entity and metric)`);
    else samples.push([column, { times, values: table.rows.map((row) => numberOf(table, row, index)) }]);
  });
  return { samples, ignored };
}

/** Two columns of one name would be mixed into one series, and a file without a number says nothing at all. */
function checkHeader({ file, header, rows }: Table): void {
  const twice = header.find((name, index) => name !== '' && header.indexOf(name) !== index);
  if (twice !== undefined) throw refused(file, 'the header names this column twice', { line: 1, column: twice });
  if (rows.length === 0) throw refused(file, 'there is no row below the header', { line: 1, column: header[0] ?? '' });
}

/** Rows of one time are no series, however many there are; of a single row that may be all there is. */
function checkTimes({ file }: Table, samples: Found['samples']): void {
  const isOne = samples.every(([, { times }]) => times.length > 1 && times.every((time) => time === times[0]));
  if (isOne) throw refused(file, 'all its rows have the same time', { line: 2, column: 'time' });
}

/** Metrics of no known kind. Their series are kept, because it is worth saying when such a one alone changes. */
function unknownMetrics(samples: Found['samples']): string[] {
  const metrics = samples.filter(([{ metric }]) => metricKind(metric) === 'other').map(([{ metric }]) => metric);
  return [...new Set(metrics)].map(unknownKind);
}

const shown = ({ entity, metric }: Column): string => `${entity}/${metric}`;

/** The columns that hold no number; when none holds any the file is refused. */
function withoutNumbers(file: string, samples: Found['samples']): string[] {
  const empty = samples.filter(([, { values }]) => values.every(Number.isNaN)).map(([about]) => shown(about));
  if (empty.length > 0 && empty.length === samples.length)
    throw refused(file, 'there is no number in this column, nor in any other', { column: empty[0] ?? '' });
  return empty;
}

function samplesOf(table: Table): Found {
  checkHeader(table);
  const at = {
    time: need(table, 'time'),
    entity: find(table, 'entity'),
    metric: find(table, 'metric'),
    value: find(table, 'value'),
  };
  if (at.entity === -1) return fromWide(table, at);
  return at.metric !== -1 && at.value !== -1 ? fromLong(table, at) : fromEntityRows(table, at);
}

/** Series of any number of tables, wide or long; columns that say nothing are listed with the reason, not guessed at. */
export function readSeries(tables: readonly Table[]): { series: Series[]; ignored: string[] } {
  const all = collection<Column>(keyOf);
  const ignored: string[] = [];
  for (const table of tables) {
    const found = samplesOf(table);
    if (found.samples.length === 0)
      throw refused(
        table.file,
        'no column reads as <entity>/<metric> or <entity>_<metric>, and there is no entity column',
        { line: 1 },
      );
    checkTimes(table, found.samples);
    for (const [about, samples] of found.samples) all.add(about, samples);
    const empty = withoutNumbers(table.file, found.samples).map((name) => `${name} (no numbers)`);
    const unknown = unknownMetrics(found.samples);
    ignored.push(...[...found.ignored, ...unknown, ...empty].map((name) => `${table.file}: ${name}`));
  }
  const series = all.finish().map((one) => seriesOf(one, one));
  return { series, ignored };
}

/** A series with its kind; a counter becomes its rate, except restarts, of which every single one counts. */
export function seriesOf({ entity, metric }: Column, samples: Samples): Series {
  const kind = metricKind(metric);
  const { times, values } = kind !== 'restarts' && isCounter(metric, samples) ? rateOf(samples) : samples;
  return { entity, metric, kind, times, values };
}
