/** Share of the mean by which an extreme stands out. */
const STANDS_OUT = 0.05;

/** The running centre that a block's spike is measured from; undefined before the first block. */
export type Centre = { q: number | undefined };

/**
 * One value for a block of rows: its mean, or its farther extreme when that stands out by more than a twentieth of the
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
  return Math.abs(far - mean) < STANDS_OUT * Math.abs(mean) ? mean : far;
}
