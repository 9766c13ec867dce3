import { limitSeries, type MeasuredSeries, type Subject } from '@aetherius/shared/contracts';
import { type Db, sql } from '@aetherius/shared/postgres';
import type { History } from '../../forecast/horizon.ts';
import type { Point } from '../../forecast/trend.ts';
import { stands } from './record-store.ts';

export type StoredSeries = MeasuredSeries & { id: string };

const CERTIFICATE = 'certificate_not_after_seconds';
/** Usage is kept for sizes, the others for forecasts. */
const ROLLED = [
  'cpu_usage_cores',
  'memory_usage_bytes',
  ...Object.keys(limitSeries).filter((name) => name !== CERTIFICATE),
];

const BUCKET = sql.raw(`interval '30 minutes'`);
/** Buckets whose points are all still there: single points are kept for three hours. */
const WHOLE_FOR = sql.raw(`interval '150 minutes'`);
const DAYS_KEPT = sql.raw(`interval '7 days'`);

/** Puts the half hours that have ended into the history, with what came late to them, and lets go of what is too old. */
export async function roll(db: Db, now: Date): Promise<void> {
  await db.run(sql`
    insert into metric_history (series_id, at, mean, most)
    select p.series_id, date_bin(${BUCKET}, p.at, 'epoch') as bucket, avg(p.value), max(p.value)
    from metric_point p join metric_series s on s.id = p.series_id
    where s.series ->> 'name' = any(${ROLLED}) and s.source <> 'rest' and p.value is not null
      and p.at >= date_bin(${BUCKET}, ${now}::timestamptz - ${WHOLE_FOR}, 'epoch')
      and p.at < date_bin(${BUCKET}, ${now}::timestamptz, 'epoch')
    group by p.series_id, bucket
    on conflict (series_id, at) do update set mean = excluded.mean, most = excluded.most
    where (metric_history.mean, metric_history.most) is distinct from (excluded.mean, excluded.most)`);
  await db.run(sql`delete from metric_history where at < ${now}::timestamptz - ${DAYS_KEPT}`);
}

/** The sampled series of one object of a cluster. */
export const seriesOf = (db: Db, cluster: string, { kind, namespace, name }: Subject): Promise<StoredSeries[]> =>
  db.many<StoredSeries>(sql`
    select id, series, subject from metric_series
    where cluster_id = ${cluster} and source <> 'rest' and series -> 'labels' -> 'caller' is null
      and subject ->> 'kind' = ${kind} and subject ->> 'name' = ${name}
      and coalesce(subject ->> 'namespace', '') = ${namespace ?? ''}
    order by series ->> 'name', id limit 100`);

/** Clusters that have series with a limit. */
export const limitedClusters = async (db: Db): Promise<string[]> => {
  const rows = await db.many<{ cluster_id: string }>(sql`
    select distinct cluster_id from metric_series where series ->> 'name' = any(${Object.keys(limitSeries)})`);
  return rows.map(({ cluster_id }) => cluster_id);
};

/**
 * The series of a cluster that are nearest to their limit, at most so many shares and as many certificates, and those of which a limit
 * was told: whether it is still coming has to be seen.
 */
export const nearestLimits = (db: Db, cluster: string, most: number): Promise<StoredSeries[]> =>
  db.many<StoredSeries>(sql`
    select id, series, subject from (
      select s.id, s.series, s.subject, row_number() over (
        partition by s.series ->> 'name' = ${CERTIFICATE}
        order by case when s.series ->> 'name' = ${CERTIFICATE} then -latest.value else latest.value end desc, s.id) as place
      from metric_series s cross join lateral (
        select value from metric_point p where p.series_id = s.id and value is not null order by at desc limit 1) as latest
      where s.cluster_id = ${cluster} and not s.silent
        and s.series ->> 'name' = any(${Object.keys(limitSeries).filter((name) => name !== 'container_restarts_total')})
    ) as ranked
    where place <= ${most} or exists (select from forecast_record where series_id = ranked.id and ${stands})
    order by id`);

type Row = { series_id: string; points: [number, number][] };
const timed = (rows: readonly Row[]): Map<string, Point[]> =>
  new Map(rows.map(({ series_id, points }) => [series_id, points.map(([at, value]) => ({ at, value }))]));

const seconds = sql.raw(`extract(epoch from at)::float8`);
const rowsOf = (db: Db, ids: readonly string[], from: { table: 'metric_point' | 'metric_history'; column: string }) =>
  db.many<Row>(sql`
    select series_id, jsonb_agg(jsonb_build_array(${seconds}, ${sql.raw(from.column)}) order by at) as points
    from ${sql.raw(from.table)}
    where series_id = any(${[...ids]}) and ${sql.raw(from.column)} is not null group by series_id`);

/** What is stored of series; the half hours as their mean where asked for, else as the most. */
export async function historiesOf(
  db: Db,
  ids: readonly string[],
  halfHours: 'mean' | 'most' = 'most',
): Promise<Map<string, History>> {
  const [recent, days] = await Promise.all([
    rowsOf(db, ids, { table: 'metric_point', column: 'value' }),
    rowsOf(db, ids, { table: 'metric_history', column: halfHours }),
  ]);
  const [points, rows] = [timed(recent), timed(days)];
  return new Map(ids.map((id) => [id, { recent: points.get(id) ?? [], days: rows.get(id) ?? [] }]));
}
