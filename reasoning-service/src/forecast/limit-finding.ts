import { createHash } from 'node:crypto';
import type { Anomaly, MeasuredSeries } from '@aetherius/shared/contracts';
import { type Horizon, horizons } from './horizon.ts';
import { LEAST_PAST, spanOf } from './past.ts';
import { confidenceIn } from './prediction.ts';
import type { Forecast } from './resource.ts';
import type { Point } from './trend.ts';

/** What is told has to be as sure as this, and what was told is over below the other. */
const SURE = 0.8;
const OVER = 0.3;
/**
 * Bands that held less often than this are no reason to tell anybody. What comes within hours opens an incident, whose answer has to be
 * at least as sure as any other.
 */
const TRUSTED: Record<Horizon, number> = { near: 0.6, far: 0.5 };
/** What is over may be told again after this many seconds, so that flapping is told twice a day at most. */
const REFRACTORY = 12 * 3600;

/** A forecast that may be worth telling, with the points that it was made from. */
export type Judged = { forecast: Forecast; points: readonly Point[]; horizon: Horizon };

/** What always stood at its limit does not come to it. */
const rose = ({ forecast: { limit }, points }: Judged): boolean => points.some(({ value }) => value < (limit ?? 0));

/** Whether a limit is reached within the horizon, surely enough to be told. Restarts are told by their own events. */
export function isSure(judged: Judged): boolean {
  const { forecast, points, horizon } = judged;
  if (forecast.status !== 'answered' || (forecast.probability ?? 0) < SURE) return false;
  // One that was renewed within the last hours lives for hours, and will be renewed again.
  if (forecast.kind === 'certificate') return points.every(({ value }) => value === points[0]?.value);
  return (
    forecast.kind !== 'restarts' &&
    spanOf(points) >= LEAST_PAST * horizons[horizon] &&
    confidenceIn(forecast) >= TRUSTED[horizon] &&
    rose(judged)
  );
}

/** Whether what was told is not to be expected any more. */
export const isOver = ({ forecast }: Judged): boolean => (forecast.probability ?? 1) < OVER;

/** Whether what was told once may be told anew, should it come again. */
export const mayComeAgain = (judged: Judged, { toldAt, now }: { toldAt: number; now: number }): boolean =>
  isOver(judged) && now - toldAt >= REFRACTORY;

/** What comes within hours opens an incident; what is days away is nobody's task at night. */
const severities: Record<Horizon, Anomaly['severity']> = { near: 'high', far: 'low' };

/** The series that a finding is about. */
export type About = { id: string; cluster: string; measured: MeasuredSeries };

const idOf = (parts: readonly string[]): string => createHash('sha256').update(parts.join('/')).digest('hex');

/** What lies further away than this many seconds has no date that anybody needs, or that a clock can hold. */
const DATED = 366 * 86_400;

/** A limit that is coming, as the message that others correlate. */
export function limitAnomaly({ id, cluster, measured }: About, { forecast, horizon }: Judged, now: Date): Anomaly {
  const at = now.toISOString();
  const { value: left = null, low = null, high = null } = forecast.seconds_to_limit ?? {};
  const after = (seconds: number | null) =>
    seconds === null || seconds > DATED ? null : new Date(now.getTime() + seconds * 1000).toISOString();
  return {
    id: idOf(['limit', id, horizon, at]),
    cluster_id: cluster,
    subject: measured.subject,
    series: measured.series,
    kind: 'limit',
    signal: 'fault',
    severity: severities[horizon],
    score: forecast.probability ?? 0,
    confidence: confidenceIn(forecast),
    value: forecast.now,
    expected: forecast.at_end,
    deviation: null,
    limit: {
      value: forecast.limit ?? 0,
      reached_at: after(left),
      earliest_at: after(low),
      latest_at: after(high),
      probability: forecast.probability ?? 0,
    },
    at,
  };
}

/** Takes back what was told of a limit: it is unlikely now, or nothing is known any more of what it was told of (no forecast). */
export const withdrawal = ({ id, cluster, measured }: About, forecast: Forecast | null, now: Date): Anomaly => ({
  id: idOf(['withdrawn', id, now.toISOString()]),
  cluster_id: cluster,
  subject: measured.subject,
  series: measured.series,
  kind: 'limit',
  signal: 'clear',
  severity: 'low',
  score: forecast?.probability ?? 0,
  confidence: forecast === null ? 1 : confidenceIn(forecast),
  value: forecast?.now ?? null,
  expected: forecast?.at_end ?? null,
  deviation: null,
  limit: null,
  at: now.toISOString(),
});
