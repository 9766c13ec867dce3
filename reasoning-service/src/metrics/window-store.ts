import type { Bundle, MeasuredSeries } from '@aetherius/shared/contracts';
import { type Db, sql } from '@aetherius/shared/postgres';

export type KnownSeries = MeasuredSeries & { id: string; step_ms: number | null };

/** The series of a cluster that agents sample. */
export const seriesIn = (db: Db, cluster: string): Promise<KnownSeries[]> =>
  db.often.many<KnownSeries>(
    sql`select id, series, subject, step_ms from metric_series where cluster_id = ${cluster} and source <> 'rest'`,
  );

/** Those of the clusters that agents sample series of. */
export async function measuredAmong(db: Db, clusters: readonly string[]): Promise<Set<string>> {
  const rows = await db.often.many<{ cluster_id: string }>(sql`
    select cluster_id from unnest(${[...new Set(clusters)]}::text[]) as asked(cluster_id)
    where exists (select from metric_series as one where one.cluster_id = asked.cluster_id and source <> 'rest')`);
  return new Set(rows.map(({ cluster_id }) => cluster_id));
}

/** The points of series between two times, oldest first; gaps are left out. */
export async function pointsOf(
  db: Db,
  ids: readonly string[],
  { from, to }: { from: Date; to: Date },
): Promise<Map<string, Bundle['metrics'][number]['points']>> {
  const rows = await db.many<{ series_id: string; points: [string, number][] }>(sql`
    select series_id, jsonb_agg(jsonb_build_array(at, value) order by at) as points
    from metric_point
    where series_id = any(${[...ids]}) and at between ${from} and ${to} and value is not null
    group by series_id`);
  return new Map(rows.map(({ series_id, points }) => [series_id, points]));
}
