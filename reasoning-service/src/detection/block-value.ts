/** The running centre that a block's spike is measured from; undefined before the first block. */
export type Centre = { q: number | undefined };

/**
 * One value for a block of rows: its mean, or its farther extreme when that stands out by more than a tenth of the
 * mean, because a spike of one row is lost in a plain mean (ADR 10).
 */
export function blockValue(rows: readonly number[], centre: Centre): number {
  let [sum, most, least] = [0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const value of rows) {
    sum += value;
    most = Math.max(most, value);
    least = Math.min(least, value);
  }
  const mean = sum / rows.length;
  const q = ((centre.q ?? mean) + mean) / 2;
  centre.q = q;
  const far = Math.abs(most - q) > Math.abs(least - q) ? most : least;
  return Math.abs(far - mean) < 0.1 * Math.abs(mean) ? mean : far;
}
