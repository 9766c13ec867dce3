import { aligned } from './align.ts';
import { baselineOf, deviation, scaleOf, spreadOf } from './deviation.ts';
import { cutAt } from './series.ts';
import type { Settings } from './settings.ts';
import type { NodeView, Symptom } from './symptom.ts';

/** What one node lost more than usual, per sample of the window: seconds of waiting, or failed requests. */
export type Loss = {
  entity: string;
  /** How unusual the loss is, in scales. */
  z: number;
  /** Largest deviation of a sample, in scales over the local baseline, whatever the requests. */
  local_z: number;
  lost: number[];
  /** What the node spends or fails in the window when all is well. */
  usual: number;
};

export type Ask = { symptom: Symptom; onset: number; reach: number; times: readonly number[]; settings: Settings };

const LEAST_BASELINE = 10;
/** One failure in a thousand is no deviation of a node that never failed. */
const SHARE_FLOOR = 0.001;

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + (Number.isFinite(value) ? value : 0), 0);

type Reference = { median: number; reference: number; scale: number; spread: number };

/**
 * A node that was already high just before the alert drifts, it did not break now: its reference is the higher of the
 * median and the lower of the last two samples (the lower, because the fault may already run in one of them).
 */
function referenceOf(view: NodeView, ask: Ask): Reference | undefined {
  const { before, local } = cutAt(view.measure, ask.onset, ask.reach);
  const baseline = baselineOf(before);
  if (baseline.points < LEAST_BASELINE) return undefined;
  return {
    median: baseline.median,
    reference: Math.max(baseline.median, Math.min(...local)),
    scale: scaleOf(baseline, {
      relative: ask.settings.relative_floor,
      absolute: ask.symptom === 'errors' ? SHARE_FLOOR : 0,
    }),
    spread: spreadOf(baseline),
  };
}

/** Excess budget of a node: requests times what each lost over the reference; undefined without enough history. */
export function lossOf(view: NodeView, ask: Ask): Loss | undefined {
  const reference = referenceOf(view, ask);
  if (reference === undefined) return undefined;
  const measured = aligned(view.measure, ask.times);
  const requests = view.requests === undefined ? measured.map(() => Number.NaN) : aligned(view.requests, ask.times);
  return ask.symptom === 'latency'
    ? timeLost(view.entity, { reference, measured, requests }, ask.settings)
    : requestsLost(view.entity, { reference, measured, requests }, ask.settings);
}

type Window = { reference: Reference; measured: number[]; requests: number[] };

const excess = (value: number, { reference }: Reference): number => Math.max(0, value - reference);

/** Deviation of each sample over the local baseline, in scales; NaN in gaps. */
const deviationsOf = ({ measured, reference }: Window): number[] =>
  measured.map((value) => deviation(value - reference.reference, reference.scale, 'up'));

const largest = (deviations: readonly number[]): number => Math.max(0, ...deviations.filter(Number.isFinite));

function timeLost(entity: string, window: Window, settings: Settings): Loss {
  const { reference, measured, requests } = window;
  const deviations = deviationsOf(window);
  const lost = measured.map((value, at) => {
    const unusual = (deviations[at] ?? 0) > settings.sample_gate;
    const seconds = (requests[at] ?? Number.NaN) * excess(value, reference);
    return unusual && Number.isFinite(seconds) ? seconds : 0;
  });
  return {
    entity,
    z: largest(deviations),
    local_z: largest(deviations),
    lost,
    usual: reference.median * sum(requests),
  };
}

/** Failures are counts: their chance scatter is Poisson's, lambda = reference times requests, beside the rate's own. */
function requestsLost(entity: string, window: Window, settings: Settings): Loss {
  const { reference, measured, requests } = window;
  const failed = measured.map((value, at) => {
    const count = (requests[at] ?? Number.NaN) * excess(value, reference);
    return Number.isFinite(count) ? count : 0;
  });
  const total = sum(requests);
  const z = sum(failed) / Math.sqrt(reference.reference * total + 1 + (reference.spread * total) ** 2);
  return {
    entity,
    z,
    local_z: largest(deviationsOf(window)),
    lost: z < settings.error_noise ? failed.map(() => 0) : failed,
    usual: reference.median * total,
  };
}

/** No node can explain more of a sample than the target lost in it; what is above is the node's own noise. */
export const capped = (loss: Loss, target: Loss): Loss => ({
  ...loss,
  lost: loss.lost.map((amount, at) => Math.min(amount, target.lost[at] ?? 0)),
});

export const totalLost = ({ lost }: Loss): number => sum(lost);
