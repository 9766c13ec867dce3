import { rankOf } from './rank.ts';
import { createRing, listed, push, type Ring, recent } from './ring.ts';

const REMEMBERED = 2000;
const WINDOW = 3;

/** How strange a window of block values is against all earlier ones; plain data but for the rings. */
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

/** Squared distance of the window that ends at the latest value to the nearest earlier one; the newest value counts twice. */
function nearest(values: Ring): number {
  const [a, b, c] = [recent(values, 0), recent(values, 1), recent(values, 2)];
  let least = Number.POSITIVE_INFINITY;
  for (let back = 1; back + WINDOW <= values.size; back++) {
    const d =
      2 * (a - recent(values, back)) ** 2 + (b - recent(values, back + 1)) ** 2 + (c - recent(values, back + 2)) ** 2;
    if (d < least) least = d;
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
