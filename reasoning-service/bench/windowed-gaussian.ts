const WINDOW = 6400;
const STEP = 100;

/** P(X > z) of a standard normal X, z >= 0: Taylor series below 3, continued fraction above (Abramowitz and Stegun 26.2.11, 26.2.14). */
function upperTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let [term, sum] = [z, z];
    for (let n = 3; n < 80; n += 2) {
      term *= (z * z) / n;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let n = 60; n > 0; n--) fraction = z + n / fraction;
  return density / fraction;
}

/** The published totals were made from files with twelve digits a score, so that nearly 1 and 1 are one threshold. */
const stored = (score: number): number => Number(score.toPrecision(12));

function spread(window: readonly number[]): { mean: number; deviation: number } {
  const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
  const variance = window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / window.length;
  return { mean, deviation: Math.sqrt(variance) || 0.000001 };
}

/**
 * The benchmark's own baseline, whose published totals prove our scorer: one minus the tail of a value under the
 * mean and deviation of the last 6,400 rows, which slide by 100.
 */
export function windowedGaussian(values: ArrayLike<number>): Float64Array {
  const scores = new Float64Array(values.length);
  let window: number[] = [];
  let [mean, squares] = [0, 0];
  let known: { mean: number; deviation: number } | undefined;
  let pending: number[] = [];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0;
    if (known !== undefined) scores[row] = stored(1 - upperTail(Math.abs(value - known.mean) / known.deviation));
    if (window.length < WINDOW) {
      window.push(value);
      const step = value - mean;
      mean += step / window.length;
      squares += step * (value - mean);
      known = { mean, deviation: Math.sqrt(squares / window.length) || 0.000001 };
      continue;
    }
    pending.push(value);
    if (pending.length < STEP) continue;
    window = [...window.slice(STEP), ...pending];
    pending = [];
    known = spread(window);
  }
  return scores;
}
