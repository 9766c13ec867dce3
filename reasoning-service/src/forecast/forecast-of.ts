import { sinceCleanUp } from './clean-up.ts';
import { demandPeak } from './demand-peak.ts';
import { tooLittle, tooOld, tooShort } from './past.ts';
import type { Forecast, Resource } from './resource.ts';
import { backTestRestarts, chanceOfRestart, LEAST_COUNTS, restartRate } from './restart-rate.ts';
import { backTest, chanceWithin, LEAST_POINTS, NEVER, type Point, timeTo, trendOf, valueAfter } from './trend.ts';

type Filling = Extract<Resource, { limit: number }>;
type Restarts = Extract<Resource, { kind: 'restarts' }>;
type Certificate = Extract<Resource, { kind: 'certificate' }>;

/** The present and how far to look, both in seconds. */
export type Window = { now: number; seconds: number };
/** Points, and how many seconds before the present the last one is: everything is told from the present on. */
type Seen = { points: readonly Point[]; age: number; seconds: number };

const inSeconds = (points: readonly { at: string; value: number }[]): Point[] =>
  points.map(({ at, value }) => ({ at: Date.parse(at) / 1000, value }));

const unknown = (resource: Resource, now: number | null, reason: string | null): Forecast => ({
  kind: resource.kind,
  name: resource.name,
  status: 'not_enough_data',
  reason,
  now,
  limit: 'limit' in resource ? resource.limit : null,
  at_end: null,
  at_end_seconds: null,
  seconds_to_limit: null,
  probability: null,
  past_accuracy: null,
});

type Band = NonNullable<Forecast['at_end']>;

/** Nothing is used less than not at all or fills beyond its limit; where it stands above already, a limit was lowered. A band holds its own value. */
function within({ value, low, high }: Band, most = Number.POSITIVE_INFINITY): Band {
  const held = (one: number) => Math.min(most, Math.max(0, one));
  return { value: held(value), low: held(Math.min(low, value)), high: held(Math.max(high, value)) };
}

function ofFilling(resource: Filling, { points, age, seconds }: Seen): Forecast {
  const { limit } = resource;
  const trend = trendOf(points, limit);
  const now = points.at(-1)?.value ?? null;
  if (trend === undefined || now === null) return unknown(resource, now, tooLittle(sinceCleanUp(points), LEAST_POINTS));
  return {
    ...unknown(resource, now, null),
    status: 'answered',
    at_end: within(valueAfter(trend, age + seconds), Math.max(limit, now)),
    at_end_seconds: seconds,
    seconds_to_limit: timeTo(limit, trend, age),
    probability: now >= limit ? 1 : chanceWithin(limit, trend, age + seconds),
    past_accuracy: backTest(points, age + seconds, limit),
  };
}

/** What follows the traffic has peaks that no straight line shows; with too few days of it the trend must do. */
function ofDemand(resource: Filling, seen: Seen): Forecast {
  const { points } = seen;
  const peak = demandPeak(points, { ...seen, limit: resource.limit });
  const now = points.at(-1)?.value ?? null;
  if (peak === undefined || now === null) return ofFilling(resource, seen);
  const { seconds, band, probability, past_accuracy } = peak;
  return {
    ...unknown(resource, now, null),
    status: 'answered',
    at_end: within(band, Math.max(resource.limit, now)),
    at_end_seconds: seconds,
    seconds_to_limit: band.value >= resource.limit ? { value: seconds, low: null, high: null } : null,
    probability: now >= resource.limit ? 1 : probability,
    past_accuracy,
  };
}

/** Seconds until something happens that happens so many times a second; null when that is not within centuries. */
const secondsPer = (rate: number): number | null => (rate * NEVER > 1 ? 1 / rate : null);

function ofRestarts(resource: Restarts, { points, age, seconds }: Seen): Forecast {
  const now = points.at(-1)?.value ?? null;
  const rate = restartRate(points);
  if (rate === undefined || now === null) return unknown(resource, now, tooLittle(points, LEAST_COUNTS));
  const short = tooShort(points, seconds);
  if (short !== undefined) return unknown(resource, now, short);
  const { value, low, high } = rate.perSecond;
  const ahead = age + seconds;
  return {
    ...unknown(resource, now, null),
    status: 'answered',
    at_end: within({ value: now + value * ahead, low: now + low * ahead, high: now + high * ahead }),
    at_end_seconds: seconds,
    // For a counter the limit is its next restart.
    seconds_to_limit: value > 0 ? { value: secondsPer(value), low: secondsPer(high), high: secondsPer(low) } : null,
    probability: chanceOfRestart(rate, seconds),
    past_accuracy: backTestRestarts(points, ahead),
  };
}

/** An expiry is a date, not an estimate: it needs no statistics and has no past to be judged by. */
function ofCertificate(resource: Certificate, { now, seconds }: Window): Forecast {
  const left = Math.max(0, Date.parse(resource.not_after) / 1000 - now);
  return {
    ...unknown(resource, left, null),
    status: 'answered',
    limit: 0,
    at_end: within({ value: left - seconds, low: left - seconds, high: left - seconds }),
    at_end_seconds: seconds,
    seconds_to_limit: { value: left, low: left, high: left },
    probability: left <= seconds ? 1 : 0,
  };
}

/** What becomes of a resource within the window; "not enough data" is an answer. */
export function forecastOf(resource: Resource, window: Window): Forecast {
  if (resource.kind === 'certificate') return ofCertificate(resource, window);
  const points = inSeconds(resource.points);
  const old = tooOld(points, window);
  if (old !== undefined) return unknown(resource, null, old);
  const seen = { points, age: Math.max(0, window.now - (points.at(-1)?.at ?? window.now)), seconds: window.seconds };
  if (resource.kind === 'restarts') return ofRestarts(resource, seen);
  const followsTraffic = resource.kind === 'hpa' || resource.kind === 'connection_pool';
  return followsTraffic ? ofDemand(resource, seen) : ofFilling(resource, seen);
}
