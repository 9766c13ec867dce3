import type { Finding, Stage } from './finding.ts';
import { growForest, type IsolationForest, isolationScore } from './isolation-forest.ts';
import { median, quantile, robustSpread } from './quantile.ts';
import { seeded } from './random.ts';

/** Several values of one workload that are judged together. */
export type Preset = {
  features: readonly string[];
  /** Samples of the rolling window, and before the first judgement. */
  window: number;
  least: number;
  /** Samples in a row that must be strange. */
  confirm: number;
};

/** Load, slowness and memory of a service, each sample ten seconds or more apart. */
export const aegisops: Preset = {
  features: ['requests_per_second', 'p95_seconds', 'memory_bytes'],
  window: 720,
  least: 60,
  confirm: 3,
};

const TREES = 100;
const SAMPLE = 256;
/** Share of the training samples that the forest itself finds stranger. */
const STRANGEST = 0.9;
/** Robust deviations beyond which a value is far out, and the least deviation as a share of the median. */
const FAR = 5;
const LEAST_SPREAD = 0.1;
/** Share of the window that is new when the forest is grown again. */
const RENEWED = 1 / 6;
/** A state that lasts this many samples is the new normal. */
const NEW_NORMAL = 120;

type Scale = { middle: number; spread: number };
/** `window` ends with the `seen` samples that came since the forest was grown, the `grown`th of this watch. */
export type JointWatchState = { window: number[][]; strange: number[][]; seen: number; grown: number };
export type JointWatch = {
  observe(at: number, values: readonly (number | null)[]): Finding | undefined;
  stage(): Stage;
  state(): JointWatchState;
};

type Model = { forest: IsolationForest; limit: number; scales: Scale[] };

function scaleOf(values: readonly number[]): Scale {
  const middle = median(values);
  return { middle, spread: Math.max(robustSpread(values), LEAST_SPREAD * Math.abs(middle)) || 1 };
}

const scaled = (sample: readonly number[], scales: readonly Scale[]): number[] =>
  scales.map(({ middle, spread }, at) => ((sample[at] ?? middle) - middle) / spread);

/** The limit is a quantile of the training samples' own scores, so an ordinary stream lies below it whatever its spread. */
function train(window: readonly number[][], seed: number): Model {
  const scales = (window[0] ?? []).map((_, at) => scaleOf(window.map((sample) => sample[at] ?? 0)));
  const samples = window.map((sample) => scaled(sample, scales));
  const forest = growForest(samples, { trees: TREES, sampleSize: SAMPLE, random: seeded(seed) });
  return {
    forest,
    scales,
    limit: quantile(
      samples.map((sample) => isolationScore(forest, sample)),
      STRANGEST,
    ),
  };
}

/**
 * Watches several values of one workload together. Strange is a sample that the forest isolates earlier than nearly all
 * of its training *and* that lies far out in one value: a forest alone cannot tell the edge of normal from far beyond it.
 */
export function createJointWatch(preset: Preset, seed: number, from?: JointWatchState): JointWatch {
  const state: JointWatchState = structuredClone(from ?? { window: [], strange: [], seen: 0, grown: 0 });
  const ready = () => state.window.length >= preset.least;
  const grow = (window: readonly number[][]) => train(window, seed + state.grown);
  // The same forest as before: from the samples that it was grown from, by the same chances.
  let model = ready() ? grow(state.window.slice(0, state.window.length - state.seen)) : undefined;

  const learn = (samples: readonly number[][]) => {
    state.window.push(...samples);
    state.seen += samples.length;
    if (!ready()) return;
    if (model !== undefined && state.seen < RENEWED * Math.min(state.window.length, preset.window)) return;
    state.window = state.window.slice(-preset.window);
    state.seen = 0;
    state.grown += 1;
    model = grow(state.window);
  };

  const found = (at: number, sample: readonly number[], { scales, forest }: Model): Finding => {
    const far = scaled(sample, scales).map(Math.abs);
    const most = far.indexOf(Math.max(...far));
    const { middle, spread } = scales[most] ?? { middle: 0, spread: 0 };
    return {
      kind: 'joint',
      at,
      score: isolationScore(forest, scaled(sample, scales)),
      feature: preset.features[most] ?? null,
      value: sample[most] ?? null,
      expected: { value: middle, low: middle - FAR * spread, high: middle + FAR * spread },
    };
  };

  return {
    observe: (at, values) => {
      if (values.some((value) => value === null)) return undefined;
      const sample = values.map(Number);
      if (model === undefined || !isStrange(model, sample)) {
        // Strange samples that calm ones follow were noise or a fault: neither is what normal looks like.
        state.strange = [];
        learn([sample]);
        return undefined;
      }
      state.strange.push(sample);
      if (state.strange.length === preset.confirm) return found(at, sample, model);
      if (state.strange.length >= NEW_NORMAL) {
        state.window = [];
        model = undefined;
        learn(state.strange.splice(0));
      }
      return undefined;
    },
    stage: () => (ready() ? (state.window.length < preset.window ? 'early' : 'full') : 'learning'),
    state: () => structuredClone(state),
  };
}

function isStrange({ forest, limit, scales }: Model, sample: readonly number[]): boolean {
  const place = scaled(sample, scales);
  return place.some((value) => Math.abs(value) > FAR) && isolationScore(forest, place) >= limit;
}
