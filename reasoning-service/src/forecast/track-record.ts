import { quantile } from '../quantile.ts';
import { type Horizon, horizons } from './horizon.ts';
import type { Forecast } from './resource.ts';
import type { PastAccuracy, Point } from './trend.ts';

/** A forecast that waits for its time; times in seconds. */
type Pending = { made: number; due: number; value: number; low: number; high: number };
type Outcome = { error: number; within: boolean };
/** What was forecast of a series, and how it turned out, the latest last. */
export type TrackRecord = { pending: readonly Pending[]; outcomes: readonly Outcome[] };

export const noRecord: TrackRecord = { pending: [], outcomes: [] };

/** Forecasts of one series that are compared, within one horizon. */
const CHECKS_IN_HORIZON = 8;
const MOST_OUTCOMES = 48;
const LEAST_OUTCOMES = 3;
/** What came is known at its time, or less than two rows before it. */
const STALE_SECONDS = 3_600;
/** A fall by this share of the limit is a clean-up, which no growth foretells. */
const CLEAN_UP = 0.1;

const followsTraffic = (kind: Forecast['kind']): boolean => kind === 'hpa' || kind === 'connection_pool';

function outcomeOf(
  { made, due, value, low, high }: Pending,
  kind: Forecast['kind'],
  known: readonly Point[],
): Outcome[] {
  const between = known.filter(({ at }) => at >= made && at <= due);
  const truth = between.at(-1);
  if (truth === undefined || due - truth.at > STALE_SECONDS) return [];
  const cleaned = between.some((one, row) => (between[row - 1]?.value ?? one.value) - one.value > CLEAN_UP);
  if (cleaned && !followsTraffic(kind)) return [];
  return [{ error: Math.abs(truth.value - value), within: truth.value >= low && truth.value <= high }];
}

/** Compares what has come due with what came; what nobody measured then is let go. */
export function settled(
  { pending, outcomes }: TrackRecord,
  { kind, known, now }: { kind: Forecast['kind']; known: readonly Point[]; now: number },
): TrackRecord {
  const due = pending.filter((one) => one.due <= now);
  if (due.length === 0) return { pending, outcomes };
  return {
    pending: pending.filter((one) => one.due > now),
    outcomes: [...outcomes, ...due.flatMap((one) => outcomeOf(one, kind, known))].slice(-MOST_OUTCOMES),
  };
}

/** Keeps a forecast for its time to come, unless one was kept shortly before. */
export function noted(
  record: TrackRecord,
  { forecast: { at_end, at_end_seconds }, horizon, now }: { forecast: Forecast; horizon: Horizon; now: number },
): TrackRecord {
  const latest = record.pending.at(-1);
  const tooSoon = latest !== undefined && now - latest.made < horizons[horizon] / CHECKS_IN_HORIZON;
  if (at_end === null || at_end_seconds === null || tooSoon || !Object.values(at_end).every(Number.isFinite))
    return record;
  return { ...record, pending: [...record.pending, { made: now, due: now + at_end_seconds, ...at_end }] };
}

/** How the forecasts that were made turned out; null as long as too few have. */
export function accuracyOfMade({ outcomes }: TrackRecord, horizon: Horizon): PastAccuracy | null {
  if (outcomes.length < LEAST_OUTCOMES) return null;
  return {
    from: 'made',
    checks: outcomes.length,
    seconds_ahead: horizons[horizon],
    median_error: quantile(
      outcomes.map(({ error }) => error),
      0.5,
    ),
    within_band: outcomes.filter(({ within }) => within).length / outcomes.length,
  };
}
