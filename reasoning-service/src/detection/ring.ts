/** Room behind the last value: the values move to the front once in so many pushes, not at each. */
const SLACK = 256;
const FIRST_ROOM = 64;

type Numbers = Float32Array | Float64Array;
type NumbersOf<N extends Numbers> = new (length: number) => N;

/** The last values of a stream, oldest first and side by side, in bounded space that grows with what is there. */
export type Ring<N extends Numbers = Float64Array> = {
  readonly make: NumbersOf<N>;
  readonly capacity: number;
  values: N;
  size: number;
  end: number;
};

/** An empty ring, or one that continues from stored values. */
export function createRing<N extends Numbers>(
  make: NumbersOf<N>,
  capacity: number,
  stored: ArrayLike<number> = [],
): Ring<N> {
  const values = new make(Math.max(FIRST_ROOM, stored.length));
  values.set(stored);
  return { make, capacity, values, size: Math.min(capacity, stored.length), end: stored.length };
}

/** Adds one value; the oldest leaves when the ring is full. */
export function push<N extends Numbers>(ring: Ring<N>, value: number): void {
  const room = ring.capacity + SLACK;
  if (ring.end === ring.values.length) {
    const kept = listed(ring);
    if (ring.end < room) ring.values = new ring.make(Math.min(room, 2 * ring.end));
    ring.values.set(kept);
    ring.end = ring.size;
  }
  ring.values[ring.end] = value;
  ring.end += 1;
  ring.size = Math.min(ring.size + 1, ring.capacity);
}

/** All values, oldest first, until the next push. */
export const listed = <N extends Numbers>({ values, end, size }: Ring<N>): N => values.subarray(end - size, end) as N;
