import type { Finding, Stage } from './finding.ts';
import { type Arrivals, missing, noArrivals, usualStep } from './missing.ts';
import { createSeriesDetector, type SeriesDetector, type SeriesDetectorState } from './series-detector.ts';
import type { Sample } from './standing-out.ts';
import { early, THRESHOLD, tuning } from './tuning.ts';

/** Rows before the detector judges at full strength, and before a second one speaks in its place, of steps of STEP_MS or more. */
const LEARNING = 600;
const EARLY_LEARNING = 200;
/** Of shorter steps it takes as many more: a detector that has not seen two days is surprised by each hour of them (ADR 10). */
const STEP_MS = 300_000;
/** A value that stands still for this many rows, and this many times longer than ever before, is stuck. */
const STUCK_ROWS = 60;
const STUCK_TIMES = 3;

/** A number, or null where the source says that it has none. */
export type Point = { at: number; value: number | null };

/** `times` is how many times more rows are learnt; null, and the first values `waiting`, until the usual step is known; `told_at` is the time of the last sample that was told as unusual. */
export type SeriesWatchState = {
  times: number | null;
  waiting: Sample[];
  full: SeriesDetectorState | null;
  early: SeriesDetectorState | null;
  rows: number;
  latest: number | null;
  told_at: number | null;
  arrivals: Arrivals;
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
  latest: null,
  told_at: null,
  arrivals: noArrivals(),
  run: 0,
  longest_run: 0,
  moves: 0,
});

function stageOf({ rows, times }: Seen): Stage {
  if (times === null || rows < times * EARLY_LEARNING) return 'learning';
  return rows < times * LEARNING ? 'early' : 'full';
}

/** A series that used to move and stands still far longer than ever before. */
function stuck(state: Seen, at: number, value: number): Finding[] {
  if (state.latest !== value) {
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
function scored(state: Seen, detectors: Detectors, sample: Sample): number {
  const step = usualStep(state.arrivals);
  if (state.times === null && step === undefined) {
    state.waiting.push(sample);
    return 0;
  }
  if (state.times === null) {
    state.times = Math.max(1, Math.round(STEP_MS / (step ?? STEP_MS)));
    Object.assign(detectors, firstDetectors(state.times));
  }
  let score = 0;
  for (const { at, value } of [...state.waiting.splice(0), sample])
    score = Math.max(detectors.full?.observe(value, at) ?? 0, detectors.early?.observe(value, at) ?? 0);
  return score;
}

/** Starts on a series, or continues from a stored state. */
export function createSeriesWatch(from?: SeriesWatchState): SeriesWatch {
  const { full, early: first, ...seen } = from ?? { ...beginning(), full: null, early: null };
  const state: Seen = structuredClone(seen);
  const detectors = storedDetectors(full, first);

  const unusual = (at: number, value: number): Finding[] => {
    const score = scored(state, detectors, { at, value });
    const speaker = detectors.early ?? detectors.full;
    if (stageOf(state) === 'full') detectors.early = undefined;
    if (score < THRESHOLD) return [];
    const sample = { at, value, expected: null, ...speaker?.standingOut() };
    // A later block can be surer of the same sample.
    if (sample.at === state.told_at) return [];
    state.told_at = sample.at;
    return [{ kind: 'unusual', score, feature: null, ...sample }];
  };

  return {
    observe: (point) => {
      const { at, value } = point;
      const findings = missing(state.arrivals, at, value === null);
      if (value !== null) {
        findings.push(...stuck(state, at, value));
        state.rows += 1;
        findings.push(...unusual(at, value));
      }
      state.latest = value ?? state.latest;
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
