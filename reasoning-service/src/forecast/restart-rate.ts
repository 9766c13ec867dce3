import { type Banded, type PastAccuracy, type Point, replay } from './trend.ts';

/** Restarts are counts: a Poisson rate with a Gamma posterior (Jeffreys prior, shape n + 1/2). */
export type RestartRate = { restarts: number; seconds: number; perSecond: Banded };

/** Fewer counts are no rate. */
export const LEAST_COUNTS = 3;
const Z80 = 1.2816;

/** Quantile of a Gamma distribution by the cube of a normal one (Wilson and Hilferty 1931). */
const gammaAt = (shape: number, z: number): number =>
  shape * Math.max(0, 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3;

/** Restarts between the first point and the last; a counter that fell belongs to a new pod and counts from zero. */
const restartsIn = (points: readonly Point[]): number =>
  points.reduce((sum, { value }, at) => {
    const before = points[at - 1]?.value ?? value;
    return sum + (value >= before ? value - before : value);
  }, 0);

/** The rate of a restart counter; undefined without a span of time. */
export function restartRate(points: readonly Point[]): RestartRate | undefined {
  const [first, last] = [points[0], points.at(-1)];
  const seconds = (last?.at ?? 0) - (first?.at ?? 0);
  if (points.length < LEAST_COUNTS || seconds <= 0) return undefined;
  const restarts = restartsIn(points);
  const shape = restarts + 0.5;
  return {
    restarts,
    seconds,
    perSecond: {
      value: restarts / seconds,
      // Where none was seen the rate may be nothing at all, and a band holds its own value.
      low: Math.min(restarts, gammaAt(shape, -Z80)) / seconds,
      high: gammaAt(shape, Z80) / seconds,
    },
  };
}

/** Chance of at least one restart within a time; with none seen so far the prior alone is no prediction. */
export const chanceOfRestart = ({ restarts, perSecond }: RestartRate, seconds: number): number =>
  restarts === 0 ? 0 : 1 - Math.exp(-perSecond.value * seconds);

/** How many restarts earlier ends of the points would have foretold, beside those that came; errors are shares of all restarts seen. */
export function backTestRestarts(points: readonly Point[], seconds: number): PastAccuracy | null {
  const all = restartsIn(points) || 1;
  return replay(points, seconds, ({ past, end, truth }) => {
    const rate = restartRate(past);
    if (rate === undefined) return undefined;
    const came = restartsIn(points.filter(({ at }) => at >= end.at && at <= truth.at));
    const ahead = truth.at - end.at;
    const { value, low, high } = rate.perSecond;
    // Restarts are whole: half of one stands for none or for one.
    return {
      error: Math.abs(came - value * ahead) / all,
      within: came >= Math.floor(low * ahead) && came <= Math.ceil(high * ahead),
    };
  });
}
