import { forecastOf } from '../src/forecast/forecast-of.ts';
import { horizons } from '../src/forecast/horizon.ts';
import { isSure, type Judged, mayComeAgain } from '../src/forecast/limit-finding.ts';
import type { HourlySeries } from './forecast-error.ts';

/** What single points are kept of (docs/adr/0011), and how often a sweep forecasts, in hours. */
const KEPT = 3;
const EVERY = 1 / 6;
/** So much above all that a series ever was lies a limit that it never reached. */
const ABOVE = 1.05;

/** Fewer rows are no forecast, so such a series says nothing of false ones. */
const LEAST_ROWS = 12;

/** How often a limit that was never reached was told as near, by the rules of the sweep, and in how many days. */
export function falseLimits({ name, values, perHour }: HourlySeries): { told: number; days: number } {
  const limit = ABOVE * values.reduce((most, value) => Math.max(most, value), 0);
  const kept = Math.round(KEPT * perHour);
  const step = Math.max(1, Math.round(EVERY * perHour));
  let toldAt: number | undefined;
  let told = 0;
  if (kept < LEAST_ROWS) return { told: 0, days: 0 };
  for (let end = kept; limit > 0 && end <= values.length; end += step) {
    const points = Array.from(values.subarray(end - kept, end), (value, row) => ({
      at: ((end - kept + row) * 3600) / perHour,
      value: Math.max(0, value) / limit,
    }));
    const now = points.at(-1)?.at ?? 0;
    const timed = points.map(({ at, value }) => ({ at: new Date(at * 1000).toISOString(), value }));
    const resource = { kind: 'claim', name: name.slice(0, 200), limit: 1, points: timed } as const;
    const judged: Judged = {
      forecast: forecastOf(resource, { now, seconds: horizons.near }),
      points,
      horizon: 'near',
    };
    if (toldAt !== undefined && mayComeAgain(judged, { toldAt, now })) toldAt = undefined;
    if (toldAt === undefined && isSure(judged)) {
      told += 1;
      toldAt = now;
    }
  }
  return { told, days: values.length / perHour / 24 };
}
