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
/** Bands that held less often than this are no reason to wake anybody. */
const TRUSTED = 0.5;
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
  if (forecast.kind === 'certificate') return true;
  return (
    forecast.kind !== 'restarts' &&
    spanOf(points) >= LEAST_PAST * horizons[horizon] &&
    confidenceIn(forecast) >= TRUSTED &&
    rose(judged)
  );
}

/** Whether what was told once may be told anew, should it come again. */
export const isOver = ({ forecast }: Judged, { toldAt, now }: { toldAt: number; now: number }): boolean =>
  (forecast.probability ?? 1) < OVER && now - toldAt >= REFRACTORY;

type About = { id: string; cluster: string; measured: MeasuredSeries };

/** A limit that is coming, as the message that others correlate. */
export function limitAnomaly({ id, cluster, measured }: About, { forecast, horizon }: Judged, now: Date): Anomaly {
  const at = now.toISOString();
  const left = forecast.seconds_to_limit?.value ?? null;
  return {
    id: createHash('sha256').update(`limit/${id}/${horizon}/${at}`).digest('hex'),
    cluster_id: cluster,
    subject: measured.subject,
    series: measured.series,
    kind: 'limit',
    severity: horizon === 'near' ? 'medium' : 'low',
    score: forecast.probability ?? 0,
    confidence: confidenceIn(forecast),
    value: forecast.now,
    expected: forecast.at_end,
    deviation: null,
    limit: {
      value: forecast.limit ?? 0,
      reached_at: left === null ? null : new Date(now.getTime() + left * 1000).toISOString(),
      probability: forecast.probability ?? 0,
    },
    at,
  };
}
