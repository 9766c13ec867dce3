import type { BundleLog } from '@aetherius/shared/contracts';
import { type Statement, statementsOf } from './messages/log-line.ts';
import { withMeantLevels } from './messages/told-mildly.ts';

/** Letters of all logs of a bundle that are read; hostile lines cost a second per million at worst. */
const LETTERS = 1_000_000;
const MOST_PER_LOG = 300_000;
/** So much of what may be read is read from the front: there a program says why it cannot start. */
const FRONT = 0.3;
/** A line counts with at least this, so that a log of empty lines has an end as well. */
const LEAST_PER_LINE = 20;
/** And with at most this: what follows in a line is not read. */
const MOST_PER_LINE = 800;

const cost = (line: string): number => Math.min(MOST_PER_LINE, Math.max(LEAST_PER_LINE, line.length));

/** Both ends of a log, up to a number of letters. */
function bothEnds(lines: readonly string[], letters: number): string[] {
  let left = letters * FRONT;
  let front = 0;
  while (front < lines.length && left > 0) {
    left -= cost(lines[front] ?? '');
    front += 1;
  }
  left = letters * (1 - FRONT);
  let back = lines.length;
  while (back > front && left > 0) {
    back -= 1;
    left -= cost(lines[back] ?? '');
  }
  return [...lines.slice(0, front), ...lines.slice(back)];
}

/** Reads logs as statements, each log once and no more of all of them than can be read in time. */
export function createStatements(logs: readonly BundleLog[]): (log: BundleLog) => readonly Statement[] {
  const letters = Math.min(MOST_PER_LOG, LETTERS / Math.max(1, logs.length));
  const read = new Map<BundleLog, readonly Statement[]>();
  return (log) => {
    const known = read.get(log) ?? withMeantLevels(statementsOf(bothEnds(log.lines, letters)));
    read.set(log, known);
    return known;
  };
}
