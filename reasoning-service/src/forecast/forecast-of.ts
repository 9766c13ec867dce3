import { demandPeak } from './demand-peak.ts';
import type { Forecast, Resource } from './resource.ts';
import { backTestRestarts, chanceOfRestart, restartRate } from './restart-rate.ts';
import { backTest, chanceWithin, NEVER, type Point, timeTo, trendOf, valueAfter } from './trend.ts';

type Filling = Extract<Resource, { limit: number }>;
type Restarts = Extract<Resource, { kind: 'restarts' }>;
type Certificate = Extract<Resource, { kind: 'certificate' }>;

/** The present and how far to look, both in seconds. */
export type Window = { now: number; seconds: number };

const inSeconds = (points: readonly { at: string; value: number }[]): Point[] =>
  points.map(({ at, value }) => ({ at: Date.parse(at) / 1000, value }));

const unknown = ({ kind, name }: Resource, now: number | null): Forecast => ({
  kind,
  name,
  status: 'not_enough_data',
  now,
  limit: null,
  at_end: null,
  at_end_seconds: null,
  seconds_to_limit: null,
  probability: null,
  past_accuracy: null,
});

type Band = NonNullable<Forecast['at_end']>;

/** Nothing fills beyond its limit; where it stands above already, a limit was lowered. */
function within({ value, low, high }: Band, { limit, now }: { limit: number; now: number }): Band {
  const most = Math.max(limit, now);
  return { value: Math.min(most, value), low: Math.min(most, low), high: Math.min(most, high) };
}

function ofFilling(resource: Filling, { seconds }: Window): Forecast {
  const points = inSeconds(resource.points);
  const { limit } = resource;
  const trend = trendOf(points, limit);
  const now = points.at(-1)?.value ?? null;
  if (trend === undefined || now === null) return { ...unknown(resource, now), limit };
  return {
    ...unknown(resource, now),
    status: 'answered',
    limit,
    at_end: within(valueAfter(trend, seconds), { limit, now }),
    at_end_seconds: seconds,
    seconds_to_limit: timeTo(limit, trend),
    probability: now >= limit ? 1 : chanceWithin(limit, trend, seconds),
    past_accuracy: backTest(points, seconds, limit),
  };
}

/** What follows the traffic has peaks that no straight line shows; with too few days of it the trend must do. */
function ofDemand(resource: Filling, window: Window): Forecast {
  const points = inSeconds(resource.points);
  const peak = demandPeak(points, { seconds: window.seconds, limit: resource.limit });
  const now = points.at(-1)?.value ?? null;
  if (peak === undefined || now === null) return ofFilling(resource, window);
  const { seconds, band, probability, past_accuracy } = peak;
  return {
    ...unknown(resource, now),
    status: 'answered',
    limit: resource.limit,
    at_end: within(band, { limit: resource.limit, now }),
    at_end_seconds: seconds,
    seconds_to_limit: band.value >= resource.limit ? { value: seconds, low: null, high: null } : null,
    probability: now >= resource.limit ? 1 : probability,
    past_accuracy,
  };
}

/** Seconds until something happens that happens so many times a second; null when that is not within centuries. */
const secondsPer = (rate: number): number | null => (rate * NEVER > 1 ? 1 / rate : null);

function ofRestarts(resource: Restarts, { seconds }: Window): Forecast {
  const points = inSeconds(resource.points);
  const now = points.at(-1)?.value ?? null;
  const rate = restartRate(points);
  if (rate === undefined || now === null) return unknown(resource, now);
  const { value, low, high } = rate.perSecond;
  return {
    ...unknown(resource, now),
    status: 'answered',
    at_end: { value: now + value * seconds, low: now + low * seconds, high: now + high * seconds },
    at_end_seconds: seconds,
    // For a counter the limit is its next restart.
    seconds_to_limit: value > 0 ? { value: secondsPer(value), low: secondsPer(high), high: secondsPer(low) } : null,
    probability: chanceOfRestart(rate, seconds),
    past_accuracy: backTestRestarts(points, seconds),
  };
}

/** An expiry is a date, not an estimate: it needs no statistics and has no past to be judged by. */
function ofCertificate(resource: Certificate, { now, seconds }: Window): Forecast {
  const left = Math.max(0, Date.parse(resource.not_after) / 1000 - now);
  return {
    ...unknown(resource, left),
    status: 'answered',
    limit: 0,
    at_end: { value: left - seconds, low: left - seconds, high: left - seconds },
    at_end_seconds: seconds,
    seconds_to_limit: { value: left, low: left, high: left },
    probability: left <= seconds ? 1 : 0,
  };
}

/** What becomes of a resource within the window; "not enough data" is an answer. */
export function forecastOf(resource: Resource, window: Window): Forecast {
  if (resource.kind === 'certificate') return ofCertificate(resource, window);
  if (resource.kind === 'restarts') return ofRestarts(resource, window);
  const followsTraffic = resource.kind === 'hpa' || resource.kind === 'connection_pool';
  return followsTraffic ? ofDemand(resource, window) : ofFilling(resource, window);
}
