import type { Statement } from './log-line.ts';

const UNIT = '(ms|msecs?|millis(?:econds)?|µs|us|s|secs?|seconds)\\b';
/** What a figure is held against, and not how long it took. */
const limit = new RegExp(
  `(?:>=?|≥|\\b(?:threshold|limit|timeout|longer than|more than|over|than|exceed(?:ed|s)?))(?: (?:of|is|was|set to))?[\\s:=]{0,3}\\d[\\d.]*\\s?${UNIT}`,
  'gi',
);
const figure = new RegExp(`(?<![\\w.,])(\\d[\\d,]*(?:\\.\\d+)?)\\s?${UNIT}`, 'gi');

/** How databases and what speaks to them call a statement that took long, each before its figure. */
const named = /\bslow[\s_-]?(?:sql|query|statement|db|database)\b(?! (?:log|threshold))|\bquery (?:is|was) slow\b/i;
/** How they tell how long any statement took, with a figure of seconds or milliseconds of its own. */
const measured: readonly { pattern: RegExp; perSecond: number }[] = [
  // Postgres, by `log_min_duration_statement` and `auto_explain`.
  { pattern: /\bduration: (\d+(?:\.\d+)?) ms {1,3}(?:statement|execute|parse|bind|fastpath|plan)\b/, perSecond: 1_000 },
  // MySQL and MariaDB, in the slow log.
  { pattern: /^# Query_time: (\d+(?:\.\d+)?) /, perSecond: 1 },
  // MongoDB: since 4.4 in JSON, and before at the end of a line.
  { pattern: /"msg":\s?"Slow query".*?"durationMillis":\s?(\d+)/, perSecond: 1_000 },
  { pattern: /\b(?:COMMAND|QUERY|WRITE) +\[\w+\] .{1,700} (\d+)ms$/, perSecond: 1_000 },
  // Elasticsearch and OpenSearch; Cassandra; Entity Framework.
  { pattern: /\btook_millis\[(\d+)\]/, perSecond: 1_000 },
  { pattern: /\btime (\d+) msec - slow timeout \d+ msec\b/, perSecond: 1_000 },
  { pattern: /\bExecuted DbCommand \(([\d,]+)ms\)/, perSecond: 1_000 },
];
const perSecond = (unit: string): number => (/^(?:µs|us)/.test(unit) ? 1e6 : /^m/.test(unit) ? 1_000 : 1);

/** The longest figure of a line that calls a statement slow. */
function longest(line: string): number | undefined {
  const figures = [...line.replace(limit, ' ').matchAll(figure)].map(
    ([, value = '', unit = '']) => Number(value.replaceAll(',', '')) / perSecond(unit.toLowerCase()),
  );
  return figures.length === 0 ? undefined : Math.max(...figures);
}

/** Letters of a line that are searched; what was asked stands behind how long it took, and may be of any length. */
const MOST = 800;

/** Most lines are passed over by this alone. */
const worthReading = /slow|duration|quer|took|DbCommand|COMMAND|WRITE/i;

/** How many seconds a database took for a statement, where a line tells that of one. */
export function secondsIn(whole: string): number | undefined {
  const line = whole.slice(0, MOST);
  if (!worthReading.test(line)) return undefined;
  for (const { pattern, perSecond: parts } of measured) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return Number(found.replaceAll(',', '')) / parts;
  }
  return named.test(line) ? longest(line) : undefined;
}

/** From here on somebody waits. */
const FELT_SECONDS = 1;

/** The seconds that a database took by a statement of a log, where somebody felt them. Most say so as information: the program did as it should. */
export function feltSeconds({ line }: Statement): number | undefined {
  const seconds = secondsIn(line);
  return seconds === undefined || seconds < FELT_SECONDS ? undefined : seconds;
}

export const tookSeconds = (statement: Statement): boolean => feltSeconds(statement) !== undefined;
