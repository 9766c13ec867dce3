import { quantile } from '../quantile.ts';
import { levelForecasts } from './level-forecast.ts';
import { spanOf } from './past.ts';
import type { Banded, PastAccuracy, Point } from './trend.ts';

const DAY = 86_400;
const LEAST_DAYS = 2.5;
const LEAST_ROWS_A_DAY = 24;
/** Places within the window that are looked at for the peak. */
const LOOKS = 4;
/** A step may differ from the usual one by this share. */
const UNEVEN = 0.1;

export type DemandPeak = { seconds: number; band: Banded; probability: number; past_accuracy: PastAccuracy };

/** The usual step, when nearly every step is that long: a profile of the day needs even rows. */
function evenStep(points: readonly Point[]): number | undefined {
  const steps = points.slice(1).map(({ at }, row) => at - (points[row]?.at ?? at));
  const usual = quantile(steps, 0.5);
  const even = steps.filter((step) => Math.abs(step - usual) <= UNEVEN * usual).length;
  return usual > 0 && even >= 0.95 * steps.length ? usual : undefined;
}

/** How far to look from `age` seconds after the last point. */
type Asked = { seconds: number; limit: number; age?: number };

function lookAhead(
  points: readonly Point[],
  { step, horizon, limit }: { step: number; horizon: number; limit: number },
): DemandPeak | undefined {
  const values = Float64Array.from(points, ({ value }) => value);
  const { made, errors } = levelForecasts(values, { season: Math.round(DAY / step), horizon });
  const last = made.at(-1);
  if (last === undefined || Number.isNaN(last.low)) return undefined;
  const checked = made.flatMap(({ low, high }, row) => {
    const truth = values[row + horizon];
    return truth === undefined || Number.isNaN(low) ? [] : [truth >= low && truth <= high];
  });
  const range = Math.max(...values) - Math.min(...values) || 1;
  return {
    seconds: horizon * step,
    band: last,
    probability: errors.filter((error) => last.value + error >= limit).length / errors.length,
    past_accuracy: {
      from: 'replayed',
      checks: checked.length,
      seconds_ahead: horizon * step,
      median_error: quantile(errors.map(Math.abs), 0.5) / range,
      within_band: checked.filter(Boolean).length / Math.max(1, checked.length),
    },
  };
}

/** The highest expected demand within the window, at most a day ahead; undefined for too few or uneven rows. */
export function demandPeak(points: readonly Point[], { seconds, limit, age = 0 }: Asked): DemandPeak | undefined {
  const step = evenStep(points);
  if (step === undefined || spanOf(points) < LEAST_DAYS * DAY || step > DAY / LEAST_ROWS_A_DAY) return undefined;
  const past = Math.floor(age / step);
  const rows = Math.floor(Math.min(age + seconds, DAY) / step) - past;
  if (rows < 0) return undefined;
  const horizons = new Set(
    Array.from({ length: LOOKS }, (_, look) => past + Math.max(1, Math.round((rows * (look + 1)) / LOOKS))),
  );
  const looks = [...horizons].flatMap((horizon) => lookAhead(points, { step, horizon, limit }) ?? []);
  const [peak] = looks.sort((a, b) => b.band.value - a.band.value);
  return peak === undefined ? undefined : { ...peak, seconds: Math.max(0, peak.seconds - age) };
}
