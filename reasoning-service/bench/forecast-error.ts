import { levelForecasts } from '../src/forecast/level-forecast.ts';
import { mean } from './figures.ts';

/** One evenly spaced series; `perHour` rows an hour. */
export type HourlySeries = { name: string; values: Float64Array; perHour: number };
export type ForecastError = { scaled: number; naive: number; covered: number; checked: number };

/** The first part only sets the scale of the error; all is forecast, but the rest is what counts. */
const SCALE_PART = 0.6;

/**
 * Mean absolute error on the later rows, divided by the seasonal naive error (same time a day before) of the earlier
 * ones (Hyndman and Koehler 2006); `naive` is the seasonal naive forecast by the same measure. Undefined without a scale.
 */
export function forecastError({ values, perHour }: HourlySeries, hours: number): ForecastError | undefined {
  const season = Math.round(24 * perHour);
  const horizon = Math.max(1, Math.round(hours * perHour));
  const from = Math.floor(SCALE_PART * values.length);
  const at = (row: number): number => values[row] ?? 0;
  const apart = (first: number, last: number) =>
    Array.from({ length: Math.max(0, last - first) }, (_, row) => Math.abs(at(first + row) - at(first + row - season)));
  const scale = mean(apart(season, from));
  if (!(scale > 0)) return undefined;
  const ahead = levelForecasts(values, { season, horizon }).made;
  const errors: number[] = [];
  let covered = 0;
  for (let row = from; row < values.length; row++) {
    const forecast = ahead[row - horizon];
    if (forecast === undefined) continue;
    errors.push(Math.abs(at(row) - forecast.value));
    if (at(row) >= forecast.low && at(row) <= forecast.high) covered += 1;
  }
  return {
    scaled: mean(errors) / scale,
    naive: mean(apart(from, values.length)) / scale,
    covered,
    checked: errors.length,
  };
}
