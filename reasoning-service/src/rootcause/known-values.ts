import { quantileOfSorted } from '../quantile.ts';

/** The values that are known, ascending: gaps of a series are NaN. */
export const knownAscending = (values: readonly number[]): number[] =>
  values.filter(Number.isFinite).sort((a, b) => a - b);

/** Median of the values that are known; NaN when there is none. */
export const medianOfKnown = (values: readonly number[]): number => quantileOfSorted(knownAscending(values), 0.5);
