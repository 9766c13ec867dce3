import { median, quantile, robustSpread } from '../quantile.ts';
import type { Finding, Stage } from './finding.ts';
import { growForest, type IsolationForest, isolationScore } from './isolation-forest.ts';
import { type Arrivals, missing, noArrivals } from './missing.ts';
import { NEW_NORMAL, noOutage, type OutageState, outage } from './outage.ts';
import { seeded } from './random.ts';

/** Several values of one workload that are judged together. */
export type Preset = {
  features: readonly string[];
  /** The place of the feature that an outage brings to nothing. */
  traffic: number;
  /** Samples of the rolling window, and before the first judgement. */
  window: number;
  least: number;
  /** Samples in a row that must be strange. */
  confirm: number;
};

/** Load, slowness and memory of a service, each sample ten seconds or more apart. */
export const aegisops: Preset = {
  features: ['requests_per_second', 'p95_seconds', 'memory_bytes'],
  traffic: 0,
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
/** Share of the window after which what still lasts is told again, as long as a single series is silent. */
const REFRACTORY = 1 / 3;

type Scale = { middle: number; spread: number };
/** A fault that was told `since` so many samples, and how many calm ones came at its end. */
type Told = { since: number; calm: number };
/** `window` ends with the `seen` samples that came since the forest was grown, the `grown`th of this watch. */
export type JointWatchState = {
  window: number[][];
  strange: number[][];
  seen: number;
  grown: number;
  told: Told | null;
  arrivals: Arrivals;
  outage: OutageState;
};
export type JointWatch = {
  observe(at: number, values: readonly (number | null)[]): Finding[];
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

const beginning = (): JointWatchState => ({
  window: [],
  strange: [],
  seen: 0,
  grown: 0,
  told: null,
  arrivals: noArrivals(),
  outage: noOutage(),
});

/** What the state calls normal: the forest over its window, grown again when enough of that is new. */
function createNormal(preset: Preset, seed: number, state: JointWatchState) {
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
  const learnAnew = (samples: readonly number[][]) => {
    state.window = [];
    model = undefined;
    learn(samples);
  };
  return { ready, learn, learnAnew, model: () => model };
}

function found(preset: Preset, { at, sample }: { at: number; sample: readonly number[] }, model: Model): Finding {
  const { scales, forest } = model;
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
}

/** What was told is over after as many calm samples as a first judgement takes, or told again after the refractory time. */
function aged(told: Told | null, lasts: boolean, preset: Preset): Told | null {
  if (told === null) return null;
  const next = { since: told.since + 1, calm: lasts ? 0 : told.calm + 1 };
  return next.calm >= preset.least || next.since >= REFRACTORY * preset.window ? null : next;
}

/** Once something was told it lasts for as long as anything is far out: the forest alone wavers at its limit. */
function standing({ told, outage: { told: isOut } }: JointWatchState, sample: readonly number[], model?: Model) {
  const isFault = told === null && model !== undefined && isStrange(model, sample);
  return { isFault, lasts: isOut || isFault || (told !== null && model !== undefined && isFar(model, sample)) };
}

/**
 * Watches several values of one workload together. Strange is a sample that the forest isolates earlier than nearly all
 * of its training *and* that lies far out in one value: a forest alone cannot tell the edge of normal from far beyond it.
 */
export function createJointWatch(preset: Preset, seed: number, from?: JointWatchState): JointWatch {
  const state: JointWatchState = structuredClone(from ?? beginning());
  const traffic = preset.features[preset.traffic] ?? null;
  const normal = createNormal(preset, seed, state);

  const told = (at: number, sample: readonly number[]): Finding[] => {
    const model = normal.model();
    if (model === undefined || state.told !== null || state.strange.length < preset.confirm) return [];
    const finding = found(preset, { at, sample }, model);
    state.told = { since: 0, calm: 0 };
    state.outage.told ||= finding.feature === traffic && finding.value === 0;
    return [finding];
  };

  const judged = (at: number, sample: number[]): Finding[] => {
    const { isFault, lasts } = standing(state, sample, normal.model());
    state.told = aged(state.told, lasts, preset);
    if (!lasts) {
      // Strange samples that calm ones follow were noise or a fault: neither is what normal looks like.
      if (state.told === null) state.strange = [];
      normal.learn([sample]);
      return [];
    }
    state.strange.push(sample);
    const findings = isFault ? told(at, sample) : [];
    if (state.strange.length >= NEW_NORMAL) normal.learnAnew(state.strange.splice(0));
    return findings;
  };

  /** A total outage is told each time: whatever else lasts, and whether or not the other values came. */
  const stopped = (at: number, value: number | null): Finding[] => {
    const expected = value === null ? undefined : outage(state.outage, at, value);
    if (expected === undefined) return [];
    state.told = { since: 0, calm: 0 };
    return [{ kind: 'joint', at, score: 1, feature: traffic, value, expected }];
  };

  return {
    observe: (at, values) => {
      const isAbsent = values.every((value) => value === null);
      const findings = [...missing(state.arrivals, at, isAbsent), ...stopped(at, values[preset.traffic] ?? null)];
      return values.some((value) => value === null) ? findings : [...findings, ...judged(at, values.map(Number))];
    },
    stage: () => (normal.ready() ? (state.window.length < preset.window ? 'early' : 'full') : 'learning'),
    state: () => structuredClone(state),
  };
}

function isFar({ scales }: Model, sample: readonly number[]): boolean {
  return scaled(sample, scales).some((value) => Math.abs(value) > FAR);
}

function isStrange(model: Model, sample: readonly number[]): boolean {
  return isFar(model, sample) && isolationScore(model.forest, scaled(sample, model.scales)) >= model.limit;
}
