/** What was counted on all sides once a fault was over. */
export type Counts = {
  /** Events that the harness caused, each with a number of its own. */
  sent: number;
  /** Rows of these events in the database, and how many different ones are among them. */
  rows: number;
  distinct: number;
  /** What the incidents' tallies make of them. */
  tallied: number;
  /** Events of which the agent said that it had to cut them. */
  cut: number;
  broken: readonly Broken[];
  unfinished: number;
};

/** A workload that was broken on purpose: what the cluster itself and what Aetherius say of it. */
export type Broken = {
  name: string;
  changes: number;
  marks: number;
  healthy: boolean;
  resolved: boolean;
  found: boolean;
};

/** One line of the table. */
export type Row = {
  name: string;
  sent: number;
  stored: number;
  doubled: number;
  lost: number;
  counted_cut: number;
  actions: number;
  actions_twice: number;
  stuck: number;
  wrong_quiet: number;
  seconds_to_normal: number | null;
  problems: readonly string[];
};

const above = (value: number, limit: number): number => Math.max(0, value - limit);

/** Compares what was caused with what was stored and done. */
export function rowOf(
  name: string,
  counts: Counts,
  told: { seconds: number | null; problems: readonly string[] },
): Row {
  const { sent, rows, distinct, tallied, cut, broken, unfinished } = counts;
  const missing = above(sent, Math.min(distinct, tallied));
  return {
    name,
    sent,
    stored: distinct,
    doubled: above(rows, distinct) + above(tallied, distinct),
    lost: above(missing, cut),
    counted_cut: cut,
    actions: broken.reduce((sum, { changes }) => sum + changes, 0),
    actions_twice: broken.reduce((sum, { changes, marks }) => sum + above(Math.max(changes, marks), 1), 0),
    stuck: unfinished,
    wrong_quiet: broken.filter(({ healthy, resolved, found }) => !healthy && (resolved || !found)).length,
    seconds_to_normal: told.seconds,
    problems: told.problems,
  };
}

/** The line of a fault that did not come to its end. */
export const notPlayed = (name: string, error: unknown): Row =>
  rowOf(
    name,
    { sent: 0, rows: 0, distinct: 0, tallied: 0, cut: 0, broken: [], unfinished: 0 },
    { seconds: null, problems: [error instanceof Error ? error.message : String(error)] },
  );

/** Whether nothing at all went wrong in this line. */
export const isGood = (row: Row): boolean =>
  row.lost + row.doubled + row.actions_twice + row.stuck + row.wrong_quiet === 0 &&
  row.seconds_to_normal !== null &&
  row.problems.length === 0;

const columns = [
  'name',
  'sent',
  'stored',
  'doubled',
  'lost',
  'counted_cut',
  'actions',
  'actions_twice',
  'stuck',
  'wrong_quiet',
  'seconds_to_normal',
] as const satisfies readonly (keyof Row)[];

/** The lines as a table for a terminal. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? 'never')))];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  const aligned = (line: readonly string[]) =>
    line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  return cells.map(aligned).join('\n');
}
