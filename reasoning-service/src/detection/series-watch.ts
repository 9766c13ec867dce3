import type { Finding, Stage } from './finding.ts';
import { median } from './quantile.ts';
import { createSeriesDetector, type SeriesDetector, type SeriesDetectorState } from './series-detector.ts';
import { THRESHOLD } from './tuning.ts';

/** Rows before the detector judges at full strength, and before a second one speaks in its place. */
const LEARNING = 600;
const EARLY_LEARNING = 200;
/** Rows without data, or a gap of as many usual steps, that are told as missing. */
const MISSING = 3;
/** A value that stands still for this many rows, and this many times longer than ever before, is stuck. */
const STUCK_ROWS = 60;
const STUCK_TIMES = 3;
/** Steps between rows of which the median is the usual one. */
const STEPS = 21;

/** A number, or null where the source says that it has none. */
export type Point = { at: number; value: number | null };

export type SeriesWatchState = {
  full: SeriesDetectorState;
  early: SeriesDetectorState | null;
  rows: number;
  last: { at: number; value: number | null } | null;
  steps: number[];
  absent: number;
  run: number;
  longest_run: number;
  moves: number;
};

/** Watches one series: the unusual, the stuck and the missing, each told once. */
export type SeriesWatch = {
  observe(point: Point): Finding[];
  stage(): Stage;
  state(): SeriesWatchState;
};

const beginning = (): Omit<SeriesWatchState, 'full' | 'early'> => ({
  rows: 0,
  last: null,
  steps: [],
  absent: 0,
  run: 0,
  longest_run: 0,
  moves: 0,
});

const stageAfter = (rows: number): Stage => (rows < EARLY_LEARNING ? 'learning' : rows < LEARNING ? 'early' : 'full');

/** A gap in time or a row of nulls, told when it is certain; missing data is never taken for zero. */
function missing(state: SeriesWatchState, { at, value }: Point): Finding[] {
  const step = state.last === null ? 0 : at - state.last.at;
  const usual = state.steps.length === STEPS ? median(state.steps) : Number.POSITIVE_INFINITY;
  const gap = step > MISSING * usual && state.absent === 0;
  state.absent = value === null ? state.absent + 1 : 0;
  if (step > 0) state.steps = [...state.steps, step].slice(-STEPS);
  if (!gap && state.absent !== MISSING) return [];
  return [{ kind: 'missing', at, score: 1, feature: null, value: null, expected: null }];
}

/** A series that used to move and stands still far longer than ever before. */
function stuck(state: SeriesWatchState, at: number, value: number): Finding[] {
  if (state.last?.value !== value) {
    state.longest_run = Math.max(state.longest_run, state.run);
    state.run = 1;
    state.moves += 1;
    return [];
  }
  state.run += 1;
  const limit = Math.max(STUCK_ROWS, STUCK_TIMES * state.longest_run);
  const moved = state.rows >= EARLY_LEARNING && state.moves > state.rows / 2;
  if (!moved || state.run !== Math.floor(limit)) return [];
  return [{ kind: 'flat', at, score: 1, feature: null, value, expected: null }];
}

/** Starts on a series, or continues from a stored state. */
export function createSeriesWatch(from?: SeriesWatchState): SeriesWatch {
  const state = structuredClone(from ?? beginning()) as SeriesWatchState;
  const full = createSeriesDetector(from?.full ?? LEARNING);
  let early: SeriesDetector | undefined =
    from === undefined || from.early !== null ? createSeriesDetector(from?.early ?? EARLY_LEARNING) : undefined;

  /** Both learn from the first row on; the early one speaks until the other can, and is then let go. */
  const unusual = (at: number, value: number): Finding[] => {
    const score = full.observe(value);
    const first = early?.observe(value) ?? 0;
    const speaker = early ?? full;
    if (state.rows >= LEARNING) early = undefined;
    const said = Math.max(score, first);
    if (said < THRESHOLD) return [];
    return [{ kind: 'unusual', at, score: said, feature: null, value, expected: speaker.expectation() ?? null }];
  };

  return {
    observe: (point) => {
      const findings = missing(state, point);
      const { at, value } = point;
      if (value !== null) {
        findings.push(...stuck(state, at, value));
        state.rows += 1;
        findings.push(...unusual(at, value));
      }
      state.last = { at, value: value ?? state.last?.value ?? null };
      return findings;
    },
    stage: () => stageAfter(state.rows),
    state: () => ({ ...structuredClone(state), full: full.state(), early: early?.state() ?? null }),
  };
}
