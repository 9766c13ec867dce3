import { AetheriusError } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import type { Clock } from './clock.ts';

const FIRST_MS = 60_000;
const LONGEST_MS = 3_600_000;
/** Of an outage that fails in ever new words no more than these are told apart. */
const MOST_KINDS = 20;
const OTHERS = '';

type Needs = { log: Pick<Logger, 'warn' | 'info'>; clock: Clock; message: string };
type Told = { again: number; wait: number; tries: number };

/** Tells of what fails again and again. */
export type OutageLog = { failed: (error: unknown, more?: object) => void; over: () => void };

/**
 * One line for each way in which it fails, further ones after a minute and then ever more rarely, and one when it is over: a line
 * for each try buries everything else.
 */
export function createOutageLog({ log, clock, message }: Needs): OutageLog {
  const told = new Map<string, Told>();
  return {
    failed: (error, more = {}) => {
      const now = clock.monotonic();
      const words = kindOf(error);
      const kind = told.has(words) || told.size < MOST_KINDS ? words : OTHERS;
      const known = told.get(kind);
      const tries = (known?.tries ?? 0) + 1;
      if (known !== undefined && now < known.again) {
        known.tries = tries;
        return;
      }
      const wait = known === undefined ? FIRST_MS : Math.min(2 * known.wait, LONGEST_MS);
      told.set(kind, { again: now + wait, wait, tries });
      log.warn({ ...more, ...reasonOf(error), tries }, message);
    },
    over: () => {
      if (told.size > 0) log.info({ was: message }, 'an outage is over');
      told.clear();
    },
  };
}

/** What was foreseen, or has a code of its own, says all in its message: where in our code it was noticed helps nobody. */
export const reasonOf = (error: unknown): object => {
  const { code } = (error ?? {}) as { code?: unknown };
  const isForeseen = error instanceof AetheriusError || (error instanceof Error && code !== undefined);
  return isForeseen ? { code, reason: wordsOf(error) } : { err: error };
};

/** Several addresses that all refuse are one error without words. */
const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);

/** Ports, times and counts make no other failure. */
const kindOf = (error: unknown): string => wordsOf(error).replace(/\d+/g, '#');
