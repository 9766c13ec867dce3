import type { Point } from './trend.ts';

/** How far a forecast of stored series looks: hours from the last hours, days from the last days. */
export type Horizon = 'near' | 'far';

/** Seconds that each looks ahead. */
export const horizons: Record<Horizon, number> = { near: 4 * 3600, far: 3 * 86_400 };

/** What is stored of a series: single points of the last hours, and half hours of the last days. */
export type History = { recent: readonly Point[]; days: readonly Point[] };

/** Up to this many seconds ahead the last hours say more than the last days. */
const NEAR_SECONDS = 6 * 3600;
/** Fewer rows are no forecast (docs/adr/0011). */
const LEAST_ROWS = 12;

/** The horizon whose kind of forecast answers a question about so many seconds. */
export const horizonFor = (seconds: number): Horizon => (seconds <= NEAR_SECONDS ? 'near' : 'far');

/** The points to forecast from: as long a past as the look ahead, and what there is where that is too little. */
export function pointsFor(horizon: Horizon, { recent, days }: History): readonly Point[] {
  const last = recent.at(-1);
  const long = last === undefined ? days : [...days.filter(({ at }) => at < last.at), last];
  const [wanted, other] = horizon === 'near' ? [recent, long] : [long, recent];
  return wanted.length >= LEAST_ROWS || other.length < wanted.length ? wanted : other;
}
