import type { BundleLog } from '@aetherius/shared/contracts';
import { logLines } from './read/logs-table.ts';
import type { LogLine } from './series.ts';

/** A line of a bundle's log as its template, with the id of the log for evidence. */
export type CitedLine = LogLine & { id: string };

/** A time that says its zone; what says none cannot be set beside a metric. */
const stamp = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)/;
/** Programs write the time in front. */
const STAMP_WITHIN = 120;

function timeOf(line: string): number | undefined {
  const found = stamp.exec(line.slice(0, STAMP_WITHIN))?.[0];
  const time = found === undefined ? Number.NaN : Date.parse(found.replace(' ', 'T').replace(',', '.'));
  return Number.isFinite(time) ? time : undefined;
}

/** Lines of logs over time, as templates per entity; lines without a time are left out. */
export function linesOfLogs(logs: readonly BundleLog[], entityOf: (log: BundleLog) => string | undefined): CitedLine[] {
  const messages = logs.flatMap((log) => {
    const entity = entityOf(log);
    if (entity === undefined) return [];
    return log.lines.flatMap((message) => {
      const time = timeOf(message);
      return time === undefined ? [] : [{ id: log.id, time, entity, level: '', message }];
    });
  });
  const lines = logLines(messages);
  return messages.flatMap(({ id }, at) => {
    const line = lines[at];
    return line === undefined ? [] : [{ ...line, id }];
  });
}
