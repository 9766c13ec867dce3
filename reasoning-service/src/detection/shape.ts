/**
 * Scale-free shape of a context: min-max scaled, then the Haar transform (overall mean, then differences from coarse to
 * fine, each moved into [0,1]). `into` receives as many numbers as the context has, from `offset` on.
 */
export function writeShape(context: readonly number[], into: Float64Array, offset: number): void {
  const least = Math.min(...context);
  const range = Math.max(...context) - least;
  let level = context.map((value) => (range > 0 ? (value - least) / range : 0.5));
  let end = offset + context.length;
  while (level.length > 1) {
    const half = level.length / 2;
    const pairs = Array.from({ length: half }, (_, at): [number, number] => [
      level[2 * at] ?? 0,
      level[2 * at + 1] ?? 0,
    ]);
    end -= half;
    for (const [at, [a, b]] of pairs.entries()) into[end + at] = (a - b) / 2 + 0.5;
    level = pairs.map(([a, b]) => (a + b) / 2);
  }
  into[offset] = level[0] ?? 0;
}
