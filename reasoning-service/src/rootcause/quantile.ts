/** Quantile q in 0..1 of ascending values, linear between neighbours; NaN for an empty list. */
export function quantile(sorted: readonly number[], q: number): number {
  const position = (sorted.length - 1) * q;
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  return low + (high - low) * (position - Math.floor(position));
}

/** The values that are numbers, ascending. */
export const ascending = (values: readonly number[]): number[] => values.filter(Number.isFinite).sort((a, b) => a - b);

/** Median of the values that are numbers; NaN when there is none. */
export const median = (values: readonly number[]): number => quantile(ascending(values), 0.5);
