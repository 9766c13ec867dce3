import type { Anomaly, MeasuredSeries, MetricsBatch } from '@aetherius/shared/contracts';
import { type Db, sql, type Tx, withTransaction } from '@aetherius/shared/postgres';
import type { Observation } from '../detection/observation.ts';
import { watchKey } from '../detection/watch.ts';
import { takeBack } from './forecasting/record-store.ts';

/** Series of a cluster that detectors watch; one costs about 0.2 MB of memory (docs/benchmarks.md). */
const MOST_WATCHED = 300;
/** Detectors speak of workloads as a whole; single calls are evidence only. */
const WATCHED_NAMES = ['requests_per_second', 'error_ratio', 'latency_p95_ms', 'memory_usage_bytes', 'cpu_usage_cores'];

/** A step that is longer is not told apart: what is heard of so seldom is forgotten before its silence could be noticed. */
const LONGEST_STEP_MS = 86_400_000;

/** A series with what is known of its times; `step_ms` is null until two points are known. */
export type Heard = { id: string; observation: Observation; stepMs: number | null };

/** The same series of the same thing always has the same id, whichever way it came. */
export const idOf = (cluster: string, { series, subject }: MeasuredSeries): string =>
  watchKey({ cluster, kind: 'series', series, subject, points: [] });

const latest = ({ points }: Observation): Date => new Date(Math.max(...points.map(({ at }) => at)));

/** Notes that series were heard of; returns those whose silence had been told. */
export async function heard(
  tx: Tx,
  all: readonly Heard[],
  { source, now }: { source: string; now: Date },
): Promise<Set<string>> {
  const rows = all.map(({ id, observation, stepMs }) => ({
    id,
    cluster_id: observation.cluster,
    series: observation.series,
    subject: observation.subject,
    step_ms: stepMs === null ? null : Math.min(stepMs, LONGEST_STEP_MS),
    last_at: latest(observation),
  }));
  const back = await tx.many<{ id: string }>(sql`
    select id from metric_series where silent and id = any(${rows.map(({ id }) => id)})`);
  await tx.run(sql`
    insert into metric_series (id, cluster_id, source, series, subject, step_ms, last_at, heard_at)
    select id, cluster_id, ${source}, series, subject, step_ms, last_at, ${now}
    from jsonb_to_recordset(${sql.json(rows)}::jsonb)
      as r(id text, cluster_id text, series jsonb, subject jsonb, step_ms integer, last_at timestamptz)
    order by id
    on conflict (id) do update set
      source = excluded.source, step_ms = coalesce(excluded.step_ms, metric_series.step_ms),
      last_at = greatest(metric_series.last_at, excluded.last_at), heard_at = excluded.heard_at, silent = false`);
  return new Set(back.map(({ id }) => id));
}

/** Notes that a source of an agent speaks. */
export const heardSource = (tx: Tx, { cluster_id, source, step_seconds }: MetricsBatch, now: Date): Promise<number> =>
  tx.run(sql`
    insert into metric_source (cluster_id, source, step_ms, heard_at)
    values (${cluster_id}, ${source}, ${Math.round(step_seconds * 1000)}, ${now})
    on conflict (cluster_id, source) do update set step_ms = excluded.step_ms, heard_at = excluded.heard_at, silent = false`);

type StoredPoint = { series_id: string; at: Date; value: number | null };

/** Keeps points; one that comes twice is kept once. */
export const keepPoints = (tx: Tx, points: readonly StoredPoint[]): Promise<number> =>
  tx.run(sql`
    insert into metric_point (series_id, at, value)
    select series_id, at, value
    from jsonb_to_recordset(${sql.json(points)}::jsonb) as r(series_id text, at timestamptz, value double precision)
    on conflict do nothing`);

/** Gives free places of the detectors to series that came first, and returns which of these are watched. */
export async function watchedAmong(tx: Tx, cluster: string, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.many<{ id: string }>(sql`
    with free as (
      select greatest(0, ${MOST_WATCHED} - count(*)) as places from metric_series where cluster_id = ${cluster} and watched
    ), chosen as (
      select id from metric_series
      where id = any(${[...ids]}) and not watched and series -> 'labels' = '{}'::jsonb
        and array_position(${WATCHED_NAMES}::text[], series ->> 'name') is not null
      order by array_position(${WATCHED_NAMES}::text[], series ->> 'name'), id
      limit (select places from free)
    ), taken as (
      update metric_series set watched = true where id in (select id from chosen) returning id
    )
    select id from taken union select id from metric_series where id = any(${[...ids]}) and watched`);
  return new Set(rows.map(({ id }) => id));
}

/** Forgets series; what was told of their limits is taken back, since nobody will see them again. */
export async function forget(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await takeBack(tx, ids, { forecast: null, now });
  await tx.run(sql`delete from metric_series where id = any(${[...ids]})`);
}

export type SilentSeries = { id: string; cluster_id: string; last_at: string } & Pick<Anomaly, 'series' | 'subject'>;

/**
 * Marks and returns the series that fell silent: three steps without a point, although their source still speaks (an agent
 * that is away is one silence, not two thousand) and although their last point was new when it came (a history that was
 * sent in one go ends by itself). A claim is measured only while something mounts it.
 */
export const fallSilent = (tx: Tx, now: Date): Promise<SilentSeries[]> =>
  tx.many<SilentSeries>(sql`
    update metric_series s set silent = true
    where not s.silent and s.step_ms is not null
      and not (s.subject ->> 'kind' = 'PersistentVolumeClaim' and s.source <> 'rest')
      and s.heard_at + s.step_ms * interval '3 milliseconds' < ${now}
      and s.heard_at - s.last_at <= s.step_ms * interval '3 milliseconds'
      and (s.source = 'rest' or exists (
        select from metric_source c
        where c.cluster_id = s.cluster_id and c.source = s.source
          and c.heard_at > s.heard_at + s.step_ms * interval '2 milliseconds'))
    returning s.id, s.cluster_id, s.last_at, s.series, s.subject`);

export type SilentSource = { cluster_id: string; source: string; heard_at: string };

/** Marks and returns the sources that fell silent as a whole. */
export const sourcesFallSilent = (tx: Tx, now: Date): Promise<SilentSource[]> =>
  tx.many<SilentSource>(sql`
    update metric_source set silent = true
    where not silent and heard_at + step_ms * interval '3 milliseconds' < ${now}
    returning cluster_id, source, heard_at`);

const POINTS_KEPT = '3 hours';
const SERIES_KEPT = '1 day';

/** Lets go of old points, and of series that nobody has spoken of for a day. */
export async function prune(db: Db, now: Date): Promise<void> {
  await db.run(sql`delete from metric_point where at < ${now}::timestamptz - ${POINTS_KEPT}::interval`);
  await withTransaction(db, async (tx) => {
    const old = await tx.many<{ id: string }>(
      sql`select id from metric_series where heard_at < ${now}::timestamptz - ${SERIES_KEPT}::interval`,
    );
    await forget(
      tx,
      old.map(({ id }) => id),
      now,
    );
  });
}
