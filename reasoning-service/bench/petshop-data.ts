import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricKind } from '../src/rootcause/metric-kind.ts';
import type { Call, Series, Target } from '../src/rootcause/series.ts';

/** One column of a metrics file; `statistic` stays in the metric's name. */
type Table = { times: number[]; columns: { entity: string; metric: string; values: number[] }[] };

export type Issue = { half: 'train' | 'test'; target: Target; at: number; cause: string; table: Table };
export type Scenario = { name: string; calls: Call[]; normal: Table; issues: Issue[] };

const rowsOf = (file: string): string[][] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

const number = (cell: string | undefined): number => (cell === undefined || cell === '' ? Number.NaN : Number(cell));

/** Alerts are on averages, and only averages add up over requests; the quantiles of the same latencies are left out. */
const USED = new Set(['Average', 'Sum']);

/** Four header lines: service, metric, statistic, and the name of the index. */
function readTable(file: string): Table {
  const [entities = [], metrics = [], statistics = [], , ...rows] = rowsOf(file);
  return {
    times: rows.map(([time]) => number(time) * 1000),
    columns: entities
      .map((entity, at) => ({ entity, metric: `${metrics[at]}_${statistics[at]}`, at }))
      .filter(({ at }) => USED.has(statistics[at] ?? ''))
      .map(({ entity, metric, at }) => ({ entity, metric, values: rows.map((row) => number(row[at])) })),
  };
}

function readCalls(file: string): Call[] {
  const [[, ...callees] = [], ...rows] = rowsOf(file);
  return rows.flatMap(([caller = '', ...cells]) =>
    callees.filter((_, at) => Number(cells[at]) !== 0).map((callee) => ({ caller, callee })),
  );
}

function readIssue(folder: string, half: Issue['half']): Issue {
  const { target, root_cause } = JSON.parse(readFileSync(join(folder, 'target.json'), 'utf8'));
  return {
    half,
    target: { entity: target.node, metric: `${target.metric}_${target.agg}` },
    at: target.timestamp * 1000,
    cause: root_cause.node,
    table: readTable(join(folder, 'metrics.csv')),
  };
}

/** Every scenario that has a normal period; without one nothing can be called unusual. */
export function readScenarios(data: string): Scenario[] {
  const root = join(data, 'petshop', 'dataset');
  return readdirSync(root)
    .filter((name) => existsSync(join(root, name, 'noissue', 'metrics.csv')))
    .sort()
    .map((name) => ({
      name,
      calls: readCalls(join(root, name, 'graph.csv')),
      normal: readTable(join(root, name, 'noissue', 'metrics.csv')),
      issues: (['train', 'test'] as const).flatMap((half) =>
        readdirSync(join(root, name, half))
          .sort()
          .map((issue) => readIssue(join(root, name, half, issue), half)),
      ),
    }));
}

/** Rows `from` up to `to` of a table. */
export const rows = ({ times, columns }: Table, from: number, to: number): Table => ({
  times: times.slice(from, to),
  columns: columns.map((column) => ({ ...column, values: column.values.slice(from, to) })),
});

/**
 * History and window as one time line: the window's times are moved to follow the history's, because the normal
 * period was recorded months after the issues. Columns that one of the two lacks are gaps there.
 */
export function joined(history: Table, window: Table): { series: Series[]; moved: (time: number) => number } {
  const step = (history.times[1] ?? 0) - (history.times[0] ?? 0);
  const shift = (history.times.at(-1) ?? 0) + step - (window.times[0] ?? 0);
  const moved = (time: number) => time + shift;
  const times = [...history.times, ...window.times.map(moved)];
  const key = ({ entity, metric }: { entity: string; metric: string }) => `${entity}\n${metric}`;
  const before = new Map(history.columns.map((column) => [key(column), column.values]));
  const series = window.columns.map(({ entity, metric, values }): Series => {
    const past = before.get(key({ entity, metric })) ?? history.times.map(() => Number.NaN);
    return { entity, metric, kind: metricKind(metric), times, values: [...past, ...values] };
  });
  return { series, moved };
}
