import { rankOf } from './rank.ts';
import { createRing, listed, push, type Ring } from './ring.ts';

const REMEMBERED = 2000;
/** Blocks in a window. */
export const WINDOW = 3;
/** How many of the most similar contexts tell what was to be expected. */
const LIKE = 20;

/** The last block values, and how far the last windows were from the nearest one before them. */
export type NearestWindow = { values: Ring; distances: Ring<Float32Array> };
export type NearestWindowState = { values: Float64Array; distances: Float32Array };

export const createNearestWindow = (state?: NearestWindowState): NearestWindow => ({
  values: createRing(Float64Array, REMEMBERED, state?.values),
  distances: createRing(Float32Array, REMEMBERED, state?.distances),
});

export const nearestWindowState = ({ values, distances }: NearestWindow): NearestWindowState => ({
  values: listed(values).slice(),
  distances: listed(distances).slice(),
});

/** The distance of the latest window to the nearest earlier one; the newest value counts twice. */
function nearest(ring: Ring): number {
  const values = listed(ring);
  const last = values.length - 1;
  const [newest, before, first] = [values[last] ?? 0, values[last - 1] ?? 0, values[last - 2] ?? 0];
  let least = Number.POSITIVE_INFINITY;
  for (let at = last - 1; at >= WINDOW - 1; at--) {
    let distance = 2 * (newest - (values[at] ?? 0)) ** 2;
    if (distance >= least) continue;
    distance += (before - (values[at - 1] ?? 0)) ** 2 + (first - (values[at - 2] ?? 0)) ** 2;
    if (distance < least) least = distance;
  }
  return Math.sqrt(least);
}

/** How strange the window that ends with this block value is: the rank of its distance to the nearest earlier one. */
export function strangeness({ values, distances }: NearestWindow, value: number): number {
  push(values, value);
  if (values.size <= WINDOW) return 0;
  // As it will be remembered: otherwise a distance that comes again would not be as large as itself.
  const distance = Math.fround(nearest(values));
  const rank = rankOf(distances, distance);
  push(distances, distance);
  return rank;
}

export type Expectation = { value: number; low: number; high: number };

/** What followed the contexts most like the one before the latest value, or before one some blocks back: the median, and the range of nearly all. */
export function expectationOf({ values: ring }: NearestWindow, back = 0): Expectation | undefined {
  const values = listed(ring);
  const last = values.length - 1 - back;
  const valueAt = (at: number): number => values[at] ?? Number.NaN;
  const [before, earlier] = [valueAt(last - 1), valueAt(last - 2)];
  const likeness: { distance: number; next: number }[] = [];
  for (let at = last - 1; at >= 2; at--)
    likeness.push({
      distance: (valueAt(at - 1) - before) ** 2 + (valueAt(at - 2) - earlier) ** 2,
      next: valueAt(at),
    });
  const next = likeness
    .sort((a, b) => a.distance - b.distance)
    .slice(0, LIKE)
    .map((one) => one.next)
    .sort((a, b) => a - b);
  const at = (share: number) => next[Math.round(share * (next.length - 1))];
  const [low, value, high] = [at(0.05), at(0.5), at(0.95)];
  return low === undefined || value === undefined || high === undefined ? undefined : { value, low, high };
}
