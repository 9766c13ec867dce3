import { rankOf } from './rank.ts';
import { createRing, listed, push, type Ring, recent } from './ring.ts';

const REMEMBERED = 2000;
/** Blocks in a window. */
const WINDOW = 3;
/** How many of the most similar contexts tell what was to be expected. */
const LIKE = 20;

/** The last block values, and how far the last windows were from the nearest one before them. */
export type NearestWindow = { values: Ring; distances: Ring };
export type NearestWindowState = { values: number[]; distances: number[] };

export const createNearestWindow = (state?: NearestWindowState): NearestWindow => ({
  values: createRing(REMEMBERED, state?.values),
  distances: createRing(REMEMBERED, state?.distances),
});

export const nearestWindowState = ({ values, distances }: NearestWindow): NearestWindowState => ({
  values: listed(values),
  distances: listed(distances),
});

/** The squared distance of the latest window to the nearest earlier one; the newest value counts twice. */
function nearest(values: Ring): number {
  const ordered = Float64Array.from(listed(values).reverse());
  const apart = (back: number, at: number): number => ((ordered[at] ?? 0) - (ordered[back + at] ?? 0)) ** 2;
  let least = Number.POSITIVE_INFINITY;
  for (let back = 1; back + WINDOW <= ordered.length; back++) {
    let distance = 2 * apart(back, 0);
    for (let at = 1; at < WINDOW && distance < least; at++) distance += apart(back, at);
    if (distance < least) least = distance;
  }
  return least;
}

/** How strange the window that ends with this block value is: the rank of its distance to the nearest earlier one. */
export function strangeness({ values, distances }: NearestWindow, value: number): number {
  push(values, value);
  if (values.size <= WINDOW) return 0;
  const distance = nearest(values);
  const rank = rankOf(distances, distance);
  push(distances, distance);
  return rank;
}

export type Expectation = { value: number; low: number; high: number };

/** What followed the contexts most like the one before the latest value: the median, and the range of nearly all. */
export function expectationOf({ values }: NearestWindow): Expectation | undefined {
  const [before, earlier] = [recent(values, 1), recent(values, 2)];
  const likeness: { distance: number; next: number }[] = [];
  for (let back = 1; back + 2 < values.size; back++)
    likeness.push({
      distance: (recent(values, back + 1) - before) ** 2 + (recent(values, back + 2) - earlier) ** 2,
      next: recent(values, back),
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
