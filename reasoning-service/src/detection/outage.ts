import type { Expectation } from './nearest-window.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const WEEK_HOURS = 168;
/** Samples without any traffic that are an outage at least, and how many times longer than ever before at that hour. */
const LEAST_ROWS = 3;
const LONGER = 3;
/** Standing still for so many samples is how the service is now used. */
export const NEW_NORMAL = 120;

/** What one hour was like: its longest run of nothing, the longest before the run that lasts, and the rows that were more than nothing. */
type Hour = { hour: number; idle: number; before: number; rows: number; sum: number; least: number; most: number };
/** The hours of a week, the one that runs, and the rows of nothing up to now. */
export type OutageState = { hours: (Hour | null)[]; current: Hour | null; run: number; told: boolean };

export const noOutage = (): OutageState => ({ hours: [], current: null, run: 0, told: false });

const slotOf = (hour: number): number => ((hour % WEEK_HOURS) + WEEK_HOURS) % WEEK_HOURS;

const beginning = (hour: number): Hour => ({
  hour,
  idle: 0,
  before: 0,
  rows: 0,
  sum: 0,
  least: Number.POSITIVE_INFINITY,
  most: 0,
});

/** What is known of this hour: a week ago, or else on the days before; with the hours around it, which one never meets exactly. */
function earlier({ hours }: OutageState, hour: number): { same: Hour[]; around: Hour[] } {
  const known = (at: number) => hours[slotOf(at)] ?? undefined;
  const days = Array.from({ length: 6 }, (_, day) => (day + 1) * DAY_HOURS);
  const back = known(hour) === undefined ? days : [0];
  const of = (shifts: readonly number[]) =>
    back.flatMap((ago) => shifts.flatMap((shift) => known(hour - ago + shift) ?? []));
  return { same: of([0]), around: of([-1, 0, 1]) };
}

/** What this hour should have, where nothing has lasted longer than it ever did around this hour. */
function expectedAt(state: OutageState, hour: number): Expectation | undefined {
  const { same, around } = earlier(state, hour);
  const busy = same.filter(({ rows }) => rows > 0);
  if (busy.length === 0 || state.run <= LONGER * Math.max(...around.map(({ idle }) => idle))) return undefined;
  const total = (of: (one: Hour) => number) => busy.reduce((sum, one) => sum + of(one), 0);
  return {
    value: total(({ sum }) => sum) / total(({ rows }) => rows),
    low: Math.min(...busy.map(({ least }) => least)),
    high: Math.max(...busy.map(({ most }) => most)),
  };
}

function learn(state: OutageState, value: number): void {
  const { current, run, told } = state;
  if (current === null) return;
  if (value === 0) {
    // What was told as an outage is no habit of the service, unless it goes on and on.
    current.idle = told && run < NEW_NORMAL ? current.before : Math.max(current.idle, run);
    return;
  }
  current.before = current.idle;
  current.rows += 1;
  current.sum += value;
  current.least = Math.min(current.least, value);
  current.most = Math.max(current.most, value);
}

/**
 * What was expected where traffic stopped at an hour that never had such a silence, told once; a value that swings with the day
 * can fall to nothing well within its deviations. An hour that was not met before says nothing.
 */
export function outage(state: OutageState, at: number, value: number): Expectation | undefined {
  const hour = Math.floor(at / HOUR_MS);
  if (state.current?.hour !== hour) {
    if (state.current !== null) state.hours[slotOf(state.current.hour)] = state.current;
    state.current = beginning(hour);
  }
  state.run = value === 0 ? state.run + 1 : 0;
  state.told = state.run > 0 && state.told;
  const expected = state.told || state.run < LEAST_ROWS ? undefined : expectedAt(state, hour);
  state.told ||= expected !== undefined;
  learn(state, value);
  return expected;
}
