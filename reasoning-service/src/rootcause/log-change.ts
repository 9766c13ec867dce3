import { baselineOf, spreadOf } from './deviation.ts';
import { byDeviation, type Evidence } from './evidence.ts';
import { medianOfKnown } from './known-values.ts';
import type { LogLine, Samples } from './series.ts';

const SERIOUS = /^(error|warn|fatal|crit|severe|panic|emerg|alert)/i;
const LEAST_WINDOWS = 2;
const MOST_WINDOWS = 200;
/** Steps into which logs are cut where nothing else is measured. */
const STEPS_ALONE = 120;

export type LogWindow = { onset: number; reach: number };

/** Window of a line: 0 is the one judged, 1 ends at the onset, 2 is before it; undefined after the judged one. */
const windowOf = (time: number, { onset, reach }: LogWindow): number | undefined => {
  if (time > onset + reach) return undefined;
  return time >= onset ? 0 : Math.ceil((onset - time) / reach);
};

type Counts = { total: number[]; templates: Map<string, { counts: number[]; serious: boolean }> };

function count(lines: readonly LogLine[], window: LogWindow, windows: number): Counts {
  const total = new Array<number>(windows + 1).fill(0);
  const templates: Counts['templates'] = new Map();
  for (const line of lines) {
    const at = windowOf(line.time, window);
    if (at === undefined || at > windows) continue;
    total[at] = (total[at] ?? 0) + 1;
    const known = templates.get(line.template) ?? { counts: new Array<number>(windows + 1).fill(0), serious: false };
    known.counts[at] = (known.counts[at] ?? 0) + 1;
    known.serious ||= SERIOUS.test(line.level);
    templates.set(line.template, known);
  }
  return { total, templates };
}

/**
 * Evidence from one service's log: a template that is written more or less often than its usual share of the lines lets
 * expect. Shares, not counts, so that more traffic is no change; a rise of errors or warnings counts double.
 */
function changeOf(entity: string, lines: readonly LogLine[], window: LogWindow, windows: number): Evidence[] {
  const { total, templates } = count(lines, window, windows);
  const now = total[0] ?? 0;
  return [...templates].map(([template, { counts, serious }]): Evidence => {
    const shares = baselineOf(counts.slice(1).map((lines, at) => lines / (total[at + 1] || Number.NaN)));
    const expected = (shares.points === 0 ? 0 : shares.median) * now;
    const spread = (shares.points === 0 ? 0 : spreadOf(shares)) * now;
    const seen = counts[0] ?? 0;
    const scales = Math.abs(seen - expected) / Math.sqrt(expected + 1 + spread ** 2);
    const weight = serious && seen > expected ? 2 : 1;
    return { entity, kind: 'log', metric: template, deviation: weight * scales, before: expected, after: seen };
  });
}

/** When anybody's lines begin. Logs were kept from then on: who said nothing until now was silent, not unknown. */
const firstOf = (logs: readonly LogLine[], onset: number): number =>
  logs.reduce((least, { time }) => Math.min(least, time), onset);

/** The strongest change of each service's log. */
export function logEvidence(logs: readonly LogLine[], window: LogWindow): Evidence[] {
  const windows = Math.min(MOST_WINDOWS, Math.floor((window.onset - firstOf(logs, window.onset)) / window.reach));
  if (windows < LEAST_WINDOWS) return [];
  return [...Map.groupBy(logs, ({ entity }) => entity)].flatMap(([entity, lines]) =>
    changeOf(entity, lines, window, windows).sort(byDeviation).slice(0, 1),
  );
}

/** How far the change of a template is still away over all lines since the onset, or a third of the time before it. */
export function lastingLogs({ entity, metric }: Evidence, logs: readonly LogLine[], onset: number): number {
  const last = logs.reduce((latest, { time }) => Math.max(latest, time), onset);
  const reach = Math.min(last - onset, (onset - firstOf(logs, onset)) / (LEAST_WINDOWS + 1));
  const lines = logs.filter((line) => line.entity === entity);
  const changes = reach > 0 ? changeOf(entity, lines, { onset, reach }, LEAST_WINDOWS + 1) : [];
  return changes.find((change) => change.metric === metric)?.deviation ?? 0;
}

/** Length of a log window beside series that come every `steps` milliseconds. */
export const logReach = (steps: readonly number[]): number => Math.max(30_000, 3 * (medianOfKnown(steps) || 0));

/** Times at which lines are counted where nothing else is measured: their own time in equal steps. */
export function timesOfLogs(logs: readonly LogLine[]): number[] {
  const [first, last] = logs.reduce(
    ([least, most], { time }) => [Math.min(least, time), Math.max(most, time)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const step = (last - first) / STEPS_ALONE;
  return last > first ? Array.from({ length: STEPS_ALONE + 1 }, (_, at) => first + at * step) : [];
}

/** Serious lines per entity between one time and the next, so that an onset is also found in logs. */
export function seriousCounts(logs: readonly LogLine[], times: readonly number[]): Samples[] {
  const serious = logs.filter(({ level }) => SERIOUS.test(level));
  return [...Map.groupBy(serious, ({ entity }) => entity).values()].map((lines) => {
    const values = times.map(() => 0);
    const sorted = lines.map(({ time }) => time).sort((a, b) => a - b);
    let at = 0;
    for (const time of sorted) {
      while (at + 1 < times.length && (times[at + 1] ?? 0) <= time) at += 1;
      if (time >= (times[0] ?? 0)) values[at] = (values[at] ?? 0) + 1;
    }
    return { times, values };
  });
}
