type Valued = { value: number };

/** A fall by this share of the whole range is a clean-up or a restart, after which growth begins anew. */
const FALL = 0.3;
/** So many falls are the way of a series, no single event. */
const REPEATED = 2;
/** The last tooth of many may end higher by this share of a tooth's height: noise alone makes one the highest of all. */
const TOP_NOISE = 0.15;
/** A growth that fell from here had reached its limit between two samples. */
const AT_LIMIT = 0.9;

/** Rows after which the value fell. */
function fallsIn(points: readonly Valued[]): number[] {
  const values = points.map(({ value }) => value);
  const least = FALL * (Math.max(...values) - Math.min(...values));
  return values.slice(0, -1).flatMap((value, row) => (value - (values[row + 1] ?? value) > least ? [row] : []));
}

/** Whether something was freed between the first and the last of these points. */
export const isCleaned = (points: readonly Valued[]): boolean => fallsIn(points).length > 0;

/**
 * Whether the values come back again and again before the limit: a log that is rotated, a heap that is collected. Not so where
 * they now stand above all that they fell from before, by more than that differs.
 */
export function comesBack(points: readonly Valued[], limit: number): boolean {
  const { tops, bottoms } = teethOf(points);
  if (tops.length < REPEATED) return false;
  const values = tops.map(({ value }) => value);
  const highest = Math.max(...values);
  const height = highest - Math.min(...bottoms.map(({ value }) => value));
  const more = Math.max(highest - Math.min(...values), TOP_NOISE * height);
  return highest < AT_LIMIT * limit && (points.at(-1)?.value ?? 0) <= highest + more;
}

/** Where the teeth of a saw end, and where the next ones begin; whatever the time of the last point, these are of whole teeth. */
export function teethOf<P extends Valued>(points: readonly P[]): { tops: readonly P[]; bottoms: readonly P[] } {
  const falls = fallsIn(points);
  return {
    tops: falls.flatMap((row) => points[row] ?? []),
    bottoms: falls.flatMap((row) => points[row + 1] ?? []),
  };
}

/** Points after the last clean-up: what was freed says nothing about how fast it fills. */
export function sinceCleanUp<P extends Valued>(points: readonly P[]): readonly P[] {
  const last = fallsIn(points).at(-1);
  return last === undefined ? points : points.slice(last + 1);
}
