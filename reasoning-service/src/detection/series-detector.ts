import { blockValue } from './block-value.ts';
import {
  type ContextMemory,
  type ContextMemoryState,
  contextMemoryState,
  createContextMemory,
  restoreContextMemory,
  surprise,
} from './context-memory.ts';
import {
  createNearestWindow,
  expectationOf,
  type NearestWindow,
  type NearestWindowState,
  nearestWindowState,
  strangeness,
  WINDOW,
} from './nearest-window.ts';
import { share } from './share.ts';
import { type Extremes, extremesOf, type Sample, type StandingOut, standingOut } from './standing-out.ts';
import { tuning as shipped, type Tuning } from './tuning.ts';

/** What is kept of a detector: bounded, whatever the length of the series. */
export type SeriesDetectorState = {
  learning: number;
  row: number;
  block: Sample[];
  /** The extremes of the latest blocks, the last one last. */
  extremes: Extremes[];
  centre: number | null;
  learnt: number[];
  nearest: NearestWindowState;
  contexts: ContextMemoryState | null;
  last: { row: number; score: number } | null;
};

/** A detector of one series: values in, a score in [0,1] for each out. */
export type SeriesDetector = {
  /** The sample that the latest score is about, with what was expected of it; undefined where the course is strange and no value. */
  standingOut(): StandingOut | undefined;
  /** How sure it is that something began at this row; 0 within the learning time and inside a block. */
  observe(value: number, at?: number): number;
  state(): SeriesDetectorState;
};

const beginning = (learning: number): SeriesDetectorState => ({
  learning,
  row: 0,
  block: [],
  extremes: [],
  centre: null,
  learnt: [],
  nearest: nearestWindowState(createNearestWindow()),
  contexts: null,
  last: null,
});

type Parts = { nearest: NearestWindow; contexts: ContextMemory | undefined };

/** The learnt blocks set the ranges and are then the first contexts that are met. */
function afterLearning(tuning: Tuning, learnt: readonly number[]): ContextMemory {
  const contexts = createContextMemory(tuning, learnt);
  for (const value of learnt) surprise(contexts, value);
  return contexts;
}

/** Only a larger score is given within the refractory time of the last one. */
function given(state: SeriesDetectorState, score: number, tuning: Tuning): number {
  const { row, last, learning } = state;
  if (row < learning || score <= 0) return 0;
  if (last !== null && row - last.row < tuning.refractory * learning && score <= last.score) return 0;
  state.last = { row, score };
  return score;
}

/**
 * Starts on a series that is judged after `learning` rows, or continues from a stored state. It sees nothing but the
 * values so far: no file length, no range, no unit, no season.
 */
export function createSeriesDetector(from: number | SeriesDetectorState, tuning: Tuning = shipped): SeriesDetector {
  const state = typeof from === 'number' ? beginning(from) : structuredClone(from);
  const parts: Parts = {
    nearest: createNearestWindow(state.nearest),
    contexts: state.contexts === null ? undefined : restoreContextMemory(tuning, state.contexts),
  };
  const rows = Math.max(1, Math.floor(state.learning / tuning.blocks));
  const blocks = Math.floor(state.learning / rows);
  const centre = { q: state.centre ?? undefined };

  const surpriseOf = (value: number): number => {
    if (parts.contexts !== undefined) return surprise(parts.contexts, value);
    state.learnt.push(value);
    if (state.learnt.length < blocks) return 0;
    parts.contexts = afterLearning(tuning, state.learnt);
    state.learnt = [];
    return 0;
  };

  const judged = (): number => {
    const value = blockValue(
      state.block.map((one) => one.value),
      centre,
    );
    state.extremes = [...state.extremes, extremesOf(state.block)].slice(-WINDOW);
    state.block = [];
    const context = surpriseOf(value);
    const distance = share(strangeness(parts.nearest, value), tuning.distance_from, tuning.distance_width);
    return given(state, 1 - (1 - context) * (1 - distance), tuning);
  };

  return {
    observe: (value, at = state.row) => {
      state.block.push({ at, value });
      const score = state.block.length < rows ? 0 : judged();
      state.row += 1;
      return score;
    },
    standingOut: () => standingOut(state.extremes, (back) => expectationOf(parts.nearest, back)),
    state: () => ({
      ...state,
      block: [...state.block],
      extremes: [...state.extremes],
      learnt: [...state.learnt],
      centre: centre.q ?? null,
      nearest: nearestWindowState(parts.nearest),
      contexts: parts.contexts === undefined ? null : contextMemoryState(parts.contexts),
    }),
  };
}
