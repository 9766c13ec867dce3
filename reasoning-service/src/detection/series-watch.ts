import type { Finding, Stage } from './finding.ts';
import { median } from './quantile.ts';
import { createSeriesDetector, type SeriesDetector, type SeriesDetectorState } from './series-detector.ts';
import { early, THRESHOLD, tuning } from './tuning.ts';

/** Rows before the detector judges at full strength, and before a second one speaks in its place, of steps of STEP_MS or more. */
const LEARNING = 600;
const EARLY_LEARNING = 200;
/** Of shorter steps it takes as many more: a detector that has not seen two days is surprised by each hour of them (ADR 10). */
const STEP_MS = 300_000;
/** Rows without data, or a gap of as many usual steps, that are told as missing. */
const MISSING = 3;
/** A value that stands still for this many rows, and this many times longer than ever before, is stuck. */
const STUCK_ROWS = 60;
const STUCK_TIMES = 3;
/** Steps between rows of which the median is the usual one; the detectors begin when it is known. */
const STEPS = 21;

/** A number, or null where the source says that it has none. */
export type Point = { at: number; value: number | null };

/** `times` is how many times more rows are learnt; null, and the first values `waiting`, until the usual step is known. */
export type SeriesWatchState = {
  times: number | null;
  waiting: number[];
  full: SeriesDetectorState | null;
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

type Detectors = { full?: SeriesDetector | undefined; early?: SeriesDetector | undefined };

/** What is kept besides the detectors. */
type Seen = Omit<SeriesWatchState, 'full' | 'early'>;

const beginning = (): Seen => ({
  times: null,
  waiting: [],
  rows: 0,
  last: null,
  steps: [],
  absent: 0,
  run: 0,
  longest_run: 0,
  moves: 0,
});

function stageOf({ rows, times }: Seen): Stage {
  if (times === null || rows < times * EARLY_LEARNING) return 'learning';
  return rows < times * LEARNING ? 'early' : 'full';
}

/** The usual step between rows, in milliseconds; not known at first. */
const usualStep = ({ steps }: Seen): number | undefined => (steps.length === STEPS ? median(steps) : undefined);

/** A gap in time or a row of nulls, told when it is certain; missing data is never taken for zero. */
function missing(state: Seen, { at, value }: Point): Finding[] {
  const step = state.last === null ? 0 : at - state.last.at;
  const usual = usualStep(state) ?? Number.POSITIVE_INFINITY;
  const gap = step > MISSING * usual && state.absent === 0;
  state.absent = value === null ? state.absent + 1 : 0;
  if (step > 0) state.steps = [...state.steps, step].slice(-STEPS);
  if (!gap && state.absent !== MISSING) return [];
  return [{ kind: 'missing', at, score: 1, feature: null, value: null, expected: null }];
}

/** A series that used to move and stands still far longer than ever before. */
function stuck(state: Seen, at: number, value: number): Finding[] {
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

const storedDetectors = (full: SeriesDetectorState | null, first: SeriesDetectorState | null): Detectors => ({
  full: full === null ? undefined : createSeriesDetector(full),
  early: first === null ? undefined : createSeriesDetector(first, early),
});

const firstDetectors = (times: number): Detectors => ({
  full: createSeriesDetector(times * LEARNING, tuning),
  early: createSeriesDetector(times * EARLY_LEARNING, early),
});

/** Both learn from the first row on; the early one speaks until the other can, and is then let go. */
function scored(state: Seen, detectors: Detectors, value: number): number {
  const step = usualStep(state);
  if (state.times === null && step === undefined) {
    state.waiting.push(value);
    return 0;
  }
  if (state.times === null) {
    state.times = Math.max(1, Math.round(STEP_MS / (step ?? STEP_MS)));
    Object.assign(detectors, firstDetectors(state.times));
  }
  let score = 0;
  for (const one of [...state.waiting.splice(0), value])
    score = Math.max(detectors.full?.observe(one) ?? 0, detectors.early?.observe(one) ?? 0);
  return score;
}

/** Starts on a series, or continues from a stored state. */
export function createSeriesWatch(from?: SeriesWatchState): SeriesWatch {
  const { full, early: first, ...seen } = from ?? { ...beginning(), full: null, early: null };
  const state: Seen = structuredClone(seen);
  const detectors = storedDetectors(full, first);

  const unusual = (at: number, value: number): Finding[] => {
    const score = scored(state, detectors, value);
    const speaker = detectors.early ?? detectors.full;
    if (stageOf(state) === 'full') detectors.early = undefined;
    if (score < THRESHOLD) return [];
    return [{ kind: 'unusual', at, score, feature: null, value, expected: speaker?.expectation() ?? null }];
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
    stage: () => stageOf(state),
    state: () => ({
      ...structuredClone(state),
      full: detectors.full?.state() ?? null,
      early: detectors.early?.state() ?? null,
    }),
  };
}
