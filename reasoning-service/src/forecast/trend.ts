import { quantile, quantileOfSorted } from '../quantile.ts';
import { comesBack, isCleaned, sinceCleanUp, teethOf } from './clean-up.ts';

/** Time in seconds, value in the unit of the series. */
export type Point = { at: number; value: number };
/** A value with the range that holds four fifths of the cases. */
export type Banded = { value: number; low: number; high: number };

/** Growth per second, and what the points scatter around it. */
export type Trend = {
  slope: Banded;
  slopes: Readonly<Float64Array>;
  level: number;
  /** The level that meets a limit first: the tops where values go up and down. */
  top: number;
  scatter: number;
  /** What the figures were rounded by at most: a line that they follow exactly is known no better. */
  rounding: number;
};

const MOST_POINTS = 120;
/** Fewer points since the last clean-up are no trend. */
export const LEAST_POINTS = 12;
const BAND = [0.1, 0.9] as const;
const CHECKS = 8;
/** Points of the earlier fits that only say how far they were off. */
const CHECK_POINTS = 40;

/** At most so many points, evenly taken, the last one among them. */
const thinned = (points: readonly Point[], most: number): readonly Point[] => {
  const every = Math.ceil(points.length / most);
  return points.filter((_, at) => (points.length - 1 - at) % every === 0);
};

/** Slopes between points that lie at least a third of the span apart, in order of size: short pairs say more of noise than of growth. */
function pairSlopes(points: readonly Point[]): Float64Array {
  const least = ((points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0)) / 3;
  const slopes: number[] = [];
  for (const [row, first] of points.entries())
    for (let other = row + 1; other < points.length; other += 1) {
      const second = points[other];
      if (second !== undefined && second.at - first.at >= least)
        slopes.push((second.value - first.value) / (second.at - first.at));
    }
  return Float64Array.from(slopes).sort();
}

/** The line through points: median of the slopes between pairs (Theil 1950, Sen 1968), and what lies around it. */
function lineThrough(points: readonly Point[], last: Point) {
  const slopes = pairSlopes(points);
  const slope = quantileOfSorted(slopes, 0.5);
  const residuals = points.map(({ at, value }) => value - slope * (at - last.at));
  return { slopes, slope, residuals, level: quantile(residuals, 0.5) };
}

/**
 * How far slopes from earlier ends of the run were off, each over half as long again as it had seen; four fifths were no further.
 * What comes by chance grows with the root of the time, so the slope of a shorter past is off by more.
 */
function pastError(run: readonly Point[]): number {
  const errors = Array.from({ length: CHECKS }, (_, check) => {
    const rows = Math.floor(run.length * (0.3 + (0.65 * check) / CHECKS));
    const [end, truth] = [run[rows - 1], run[Math.min(run.length - 1, Math.floor(1.5 * rows))]];
    if (rows < LEAST_POINTS || end === undefined || truth === undefined || truth.at <= end.at) return [];
    const { slope, level } = lineThrough(thinned(run.slice(0, rows), CHECK_POINTS), end);
    return [Math.sqrt(rows / run.length) * Math.abs((truth.value - level) / (truth.at - end.at) - slope)];
  }).flat();
  return errors.length === 0 ? 0 : quantile(errors, BAND[1] - BAND[0]);
}

/** Slopes around their middle, as wide as they were off in the past where that is wider. */
function widened(slopes: Readonly<Float64Array>, error: number): Float64Array {
  const middle = quantileOfSorted(slopes, 0.5);
  const half = (quantileOfSorted(slopes, BAND[1]) - quantileOfSorted(slopes, BAND[0])) / 2;
  const by = half > 0 ? Math.max(1, error / half) : 1;
  return Float64Array.from(slopes, (slope) => middle + by * (slope - middle));
}

/** Half a unit of the last decimal place that any figure has. */
function roundingOf(points: readonly Point[]): number {
  const places = points.map(({ value }) => (/^-?\d+\.(\d+)$/.exec(String(value))?.[1] ?? '').length);
  return 0.5 * 10 ** -Math.max(...places);
}

const around = (residuals: readonly number[]): number =>
  (quantile(residuals, BAND[1]) - quantile(residuals, BAND[0])) / 2;

const bandOf = (slopes: Readonly<Float64Array>): Banded => ({
  value: quantileOfSorted(slopes, 0.5),
  low: quantileOfSorted(slopes, BAND[0]),
  high: quantileOfSorted(slopes, BAND[1]),
});

/**
 * Growth of what comes back again and again: of its tops and of its bottoms, so that it is the same at any time of a tooth. The
 * teeth are its scatter, and the line through its tops is what meets the limit.
 */
function trendOfTeeth(given: readonly Point[], last: Point): Trend {
  const { tops, bottoms } = teethOf(given);
  const slopes = Float64Array.from(
    [tops, bottoms].flatMap((ends) => [...pairSlopes(thinned(ends, MOST_POINTS))]),
  ).sort();
  const slope = bandOf(slopes);
  const lineOf = (points: readonly Point[]) => points.map(({ at, value }) => value - slope.value * (at - last.at));
  const residuals = lineOf(thinned(given, MOST_POINTS));
  const [level, top] = [quantile(residuals, 0.5), quantile(lineOf(tops), 0.5)];
  return { slope, slopes, level, top, scatter: around(residuals), rounding: roundingOf(given) };
}

/** How values grow towards a limit, or undefined for too few points since the last clean-up. */
export function trendOf(given: readonly Point[], limit: number): Trend | undefined {
  const end = given.at(-1);
  if (end !== undefined && comesBack(given, limit)) return trendOfTeeth(given, end);
  const run = sinceCleanUp(given);
  const points = thinned(run, MOST_POINTS);
  const last = points.at(-1);
  if (points.length < LEAST_POINTS || last === undefined) return undefined;
  const { slopes: own, slope, residuals, level } = lineThrough(points, last);
  const slopes = widened(own, pastError(run));
  const rounding = roundingOf(points);
  const scatter = Math.max(rounding, around(residuals));
  return { slope: { ...bandOf(slopes), value: slope }, slopes, level, top: level, scatter, rounding };
}

/** The value `seconds` after the last point: uncertain by its slope, and by the scatter around it. */
export const valueAfter = ({ slope, level, scatter }: Trend, seconds: number): Banded => ({
  value: level + slope.value * seconds,
  low: level + slope.low * seconds - scatter,
  high: level + slope.high * seconds + scatter,
});

/** Three centuries: a growth that needs longer does not lead there. */
export const NEVER = 1e10;

/** Seconds until the limit, `age` seconds after the last point; null bounds where the growth may never get there. 0 when it is there already. */
export function timeTo(
  limit: number,
  { slope, top, rounding }: Trend,
  age = 0,
): { value: number | null; low: number | null; high: number | null } {
  const left = limit - top;
  const at = (rate: number, way = left): number | null =>
    left <= 0 ? 0 : way < rate * NEVER ? Math.max(0, way / rate - age) : null;
  return { value: at(slope.value), low: at(slope.high, left - rounding), high: at(slope.low, left + rounding) };
}

/** Share of the slopes under which the limit is reached within `seconds`. */
export function chanceWithin(limit: number, { slopes, top }: Trend, seconds: number): number {
  if (top >= limit) return 1;
  return slopes.filter((slope) => top + slope * seconds >= limit).length / slopes.length;
}

/** How forecasts did: replayed on the points at hand, or made earlier and compared with what came. */
export type PastAccuracy = {
  from: 'replayed' | 'made';
  checks: number;
  seconds_ahead: number;
  median_error: number;
  within_band: number;
};

/** What a forecast from an earlier end of the points would have said of a later one; undefined where it says nothing. */
type Replayed = { error: number; within: boolean };
type Look = { past: readonly Point[]; end: Point; truth: Point };

/** Forecasts from several earlier ends of the points, each looking as far ahead as asked, or to the last point. Null when nothing could be checked. */
export function replay(
  points: readonly Point[],
  seconds: number,
  judge: (look: Look) => Replayed | undefined,
): PastAccuracy | null {
  const checked = Array.from({ length: CHECKS }, (_, check) => {
    const past = points.slice(0, Math.floor(points.length * (0.4 + (0.55 * check) / CHECKS)));
    const end = past.at(-1);
    const truth = end === undefined ? undefined : points.findLast(({ at }) => at <= end.at + seconds);
    if (end === undefined || truth === undefined || truth.at <= end.at) return [];
    const judged = judge({ past, end, truth });
    return judged === undefined ? [] : [{ ...judged, ahead: truth.at - end.at }];
  }).flat();
  if (checked.length === 0) return null;
  return {
    from: 'replayed',
    checks: checked.length,
    // What is asked may lie further ahead than the points reach.
    seconds_ahead: quantile(
      checked.map(({ ahead }) => ahead),
      0.5,
    ),
    median_error: quantile(
      checked.map(({ error }) => error),
      0.5,
    ),
    within_band: checked.filter(({ within }) => within).length / checked.length,
  };
}

/** How forecasts of a growth would have done on the points given. Errors are shares of the range seen. */
export function backTest(points: readonly Point[], seconds: number, limit: number): PastAccuracy | null {
  const values = points.map(({ value }) => value);
  const range = Math.max(...values) - Math.min(...values) || 1;
  return replay(points, seconds, ({ past, end, truth }) => {
    const trend = trendOf(past, limit);
    // A clean-up in between is no error of the growth, unless it is the way of the series.
    const isOther = !comesBack(past, limit) && isCleaned(points.slice(past.length - 1));
    if (trend === undefined || isOther) return undefined;
    const ahead = valueAfter(trend, truth.at - end.at);
    return {
      error: Math.abs(truth.value - ahead.value) / range,
      within: truth.value >= ahead.low && truth.value <= ahead.high,
    };
  });
}
