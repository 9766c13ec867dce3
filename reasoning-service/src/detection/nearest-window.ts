import { rankOf } from './rank.ts';
import { createRing, listed, push, type Ring, recent } from './ring.ts';

const REMEMBERED = 2000;
/** Window lengths in blocks; strange only when strange at each of them. */
const SHORTEST = 2;
const LONGEST = 4;
/** How many of the most similar contexts tell what was to be expected. */
const LIKE = 20;

/** The last block values, and for each window length the distances of the last windows. */
export type NearestWindow = { values: Ring; distances: Ring[] };
export type NearestWindowState = { values: number[]; distances: number[][] };

export const createNearestWindow = (state?: NearestWindowState): NearestWindow => ({
  values: createRing(REMEMBERED, state?.values),
  distances: Array.from({ length: LONGEST - SHORTEST + 1 }, (_, at) => createRing(REMEMBERED, state?.distances[at])),
});

export const nearestWindowState = ({ values, distances }: NearestWindow): NearestWindowState => ({
  values: listed(values),
  distances: distances.map(listed),
});

/** For each window length, the squared distance of the latest window to the nearest earlier one; the newest value counts twice. */
function nearest(values: Ring): number[] {
  const ordered = Float64Array.from(listed(values).reverse());
  const least = Array.from({ length: LONGEST - SHORTEST + 1 }, () => Number.POSITIVE_INFINITY);
  const apart = (back: number, at: number): number => ((ordered[at] ?? 0) - (ordered[back + at] ?? 0)) ** 2;
  for (let back = 1; back + LONGEST <= ordered.length; back++) {
    let distance = 2 * apart(back, 0);
    for (let length = SHORTEST; length <= LONGEST; length++) {
      distance += apart(back, length - 1);
      if (distance < (least[length - SHORTEST] ?? 0)) least[length - SHORTEST] = distance;
    }
  }
  return least;
}

/** How strange the windows that end with this block value are: the least rank of their distances to the nearest earlier ones. */
export function strangeness({ values, distances }: NearestWindow, value: number): number {
  push(values, value);
  if (values.size <= LONGEST) return 0;
  const ranks = nearest(values).map((distance, at) => {
    const earlier = distances[at];
    if (earlier === undefined) return 0;
    const rank = rankOf(earlier, distance);
    push(earlier, distance);
    return rank;
  });
  return Math.min(...ranks);
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
