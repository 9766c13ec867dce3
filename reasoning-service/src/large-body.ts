/** Largest body of a question that brings its own points or cases: what its schema lets in, in the usual length of a row. */
export const LARGE_BODY_BYTES = 16 * 1024 ** 2;

/** Points in all of what brings them. */
export const pointsIn = (all: readonly { points: readonly unknown[] }[]): number =>
  all.reduce((sum, { points }) => sum + points.length, 0);
