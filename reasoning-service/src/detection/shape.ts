/**
 * Scale-free shape of a context: min-max scaled, then the Haar transform (overall mean, then differences from coarse to
 * fine, each moved into [0,1]). `into` receives as many numbers as the context has, from `offset` on.
 */
export function writeShape(context: readonly number[], into: Float64Array, offset: number): void {
  const least = Math.min(...context);
  const range = Math.max(...context) - least;
  const level = context.map((value) => (range > 0 ? (value - least) / range : 0.5));
  for (let half = context.length / 2; half >= 1; half /= 2)
    for (let at = 0; at < half; at++) {
      const [a, b] = [level[2 * at] ?? 0, level[2 * at + 1] ?? 0];
      into[offset + half + at] = (a - b) / 2 + 0.5;
      level[at] = (a + b) / 2;
    }
  into[offset] = level[0] ?? 0;
}
