import type { Banded, Point } from './trend.ts';

/** Restarts are counts: a Poisson rate with a Gamma posterior (Jeffreys prior, shape n + 1/2). */
export type RestartRate = { restarts: number; seconds: number; perSecond: Banded };

const Z80 = 1.2816;

/** Quantile of a Gamma distribution by the cube of a normal one (Wilson and Hilferty 1931). */
const gammaAt = (shape: number, z: number): number =>
  shape * Math.max(0, 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3;

/** The rate of a restart counter; a counter that fell belongs to a new pod and counts from zero. Undefined without a span of time. */
export function restartRate(points: readonly Point[]): RestartRate | undefined {
  const [first, last] = [points[0], points.at(-1)];
  const seconds = (last?.at ?? 0) - (first?.at ?? 0);
  if (points.length < 3 || seconds <= 0) return undefined;
  const restarts = points.reduce((sum, { value }, at) => {
    const before = points[at - 1]?.value ?? value;
    return sum + (value >= before ? value - before : value);
  }, 0);
  const shape = restarts + 0.5;
  return {
    restarts,
    seconds,
    perSecond: { value: restarts / seconds, low: gammaAt(shape, -Z80) / seconds, high: gammaAt(shape, Z80) / seconds },
  };
}

/** Chance of at least one restart within a time; with none seen so far the prior alone is no prediction. */
export const chanceOfRestart = ({ restarts, perSecond }: RestartRate, seconds: number): number =>
  restarts === 0 ? 0 : 1 - Math.exp(-perSecond.value * seconds);
