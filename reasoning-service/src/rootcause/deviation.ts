import { quantileOfSorted } from '../quantile.ts';
import { knownAscending } from './known-values.ts';

/** What a series was like before: its median and its scatter without any floor. */
export type Baseline = { points: number; median: number; mad: number; iqr: number };

/** 1.4826 MAD and IQR / 1.349 both estimate the standard deviation of a normal distribution (Rousseeuw and Croux 1993). */
const MAD_TO_SIGMA = 1.4826;
const IQR_TO_SIGMA = 1.349;

export function baselineOf(values: readonly number[]): Baseline {
  const sorted = knownAscending(values);
  const middle = quantileOfSorted(sorted, 0.5);
  const distances = knownAscending(sorted.map((value) => Math.abs(value - middle)));
  return {
    points: sorted.length,
    median: middle,
    mad: MAD_TO_SIGMA * quantileOfSorted(distances, 0.5),
    iqr: (quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25)) / IQR_TO_SIGMA,
  };
}

/** Scatter of a baseline without floors, in the unit of the series. */
export const spreadOf = ({ mad, iqr }: Baseline): number => Math.max(mad, iqr);

export type Floors = { relative: number; absolute: number };

/**
 * Scale of a series: its scatter, but never less than a share of its level. Without that floor a quiet series with a
 * tiny scatter outranks every real fault.
 */
export const scaleOf = (baseline: Baseline, { relative, absolute }: Floors): number =>
  Math.max(spreadOf(baseline), relative * Math.abs(baseline.median), absolute);

/** A series without any scatter leaves its level by infinitely many scales; this many say the same and can be compared. */
const MOST = 1e6;

export type Direction = 'up' | 'down' | 'both';

/** Distance from the baseline in scales, positive when it goes the way that is bad; 0 for a series without scale that stands still. */
export function deviation(difference: number, scale: number, direction: Direction): number {
  if (difference === 0) return 0;
  const scales = Math.max(-MOST, Math.min(MOST, difference / Math.max(scale, Number.MIN_VALUE)));
  if (direction === 'both') return Math.abs(scales);
  return direction === 'up' ? scales : -scales;
}

const DENSE_WINDOW = 10;

/** Score of a window: its median when it holds many samples, else its second largest, so that one outlier is no fault. */
export function windowScore(deviations: readonly number[]): number {
  const sorted = knownAscending(deviations);
  if (sorted.length >= DENSE_WINDOW) return quantileOfSorted(sorted, 0.5);
  return sorted.at(-2) ?? sorted[0] ?? 0;
}
