/** The last values of a stream, oldest first, in bounded space. */
export type Ring = { readonly values: Float64Array; readonly capacity: number; size: number; next: number };

/** An empty ring, or one that continues from stored values. */
export function createRing(capacity: number, stored: readonly number[] = []): Ring {
  const values = new Float64Array(capacity);
  const kept = stored.slice(-capacity);
  values.set(kept);
  return { values, capacity, size: kept.length, next: kept.length % capacity };
}

/** Adds one value; the oldest leaves when the ring is full. */
export function push(ring: Ring, value: number): void {
  ring.values[ring.next] = value;
  ring.next = (ring.next + 1) % ring.capacity;
  ring.size = Math.min(ring.size + 1, ring.capacity);
}

/** The value that came `back` steps before the latest, 0 is the latest. */
export const recent = (ring: Ring, back: number): number =>
  ring.values[(ring.next - 1 - back + 2 * ring.capacity) % ring.capacity] ?? Number.NaN;

/** All values, oldest first. */
export const listed = (ring: Ring): number[] =>
  Array.from({ length: ring.size }, (_, at) => recent(ring, ring.size - 1 - at));
