import { channels, type MeasuredSeries } from '@aetherius/shared/contracts';
import { type Db, enqueueAll, sql, type Tx } from '@aetherius/shared/postgres';
import type { Horizon } from '../../forecast/horizon.ts';
import { withdrawal } from '../../forecast/limit-finding.ts';
import type { Forecast } from '../../forecast/resource.ts';
import type { TrackRecord } from '../../forecast/track-record.ts';

/** `told_at` when a limit was told, `over_at` when that was taken back. */
export type StoredRecord = TrackRecord & {
  series_id: string;
  horizon: Horizon;
  told_at: string | null;
  over_at: string | null;
};

/** What is known of the forecasts of these series. */
export const recordsOf = (db: Db, ids: readonly string[]): Promise<StoredRecord[]> =>
  db.many<StoredRecord>(sql`
    select series_id, horizon, pending, outcomes, told_at, over_at from forecast_record where series_id = any(${[...ids]})`);

type Key = Pick<StoredRecord, 'series_id' | 'horizon'>;

/** Keeps records; a series that was let go meanwhile keeps none. */
export const saveRecords = (db: Db, records: readonly (Key & TrackRecord)[]): Promise<number> =>
  db.run(sql`
    insert into forecast_record (series_id, horizon, pending, outcomes)
    select r.series_id, r.horizon, r.pending, r.outcomes
    from jsonb_to_recordset(${sql.json(records)}::jsonb) as r(series_id text, horizon text, pending jsonb, outcomes jsonb)
    join metric_series s on s.id = r.series_id
    order by r.series_id, r.horizon
    on conflict (series_id, horizon) do update set pending = excluded.pending, outcomes = excluded.outcomes`);

/** Marks a forecast as told; false when it was already, here or in another process. */
export const markTold = async (tx: Tx, { series_id, horizon }: Key, now: Date): Promise<boolean> =>
  (await tx.run(sql`
    update forecast_record set told_at = ${now}
    where series_id = ${series_id} and horizon = ${horizon} and told_at is null`)) === 1;

/** Forgets that a forecast was told. */
export const clearTold = (db: Db, { series_id, horizon }: Key): Promise<number> =>
  db.run(sql`
    update forecast_record set told_at = null, over_at = null where series_id = ${series_id} and horizon = ${horizon}`);

/** A record whose limit was told as coming within hours and not taken back. */
export const stands = sql`horizon = 'near' and told_at is not null and over_at is null`;

/**
 * Takes back what was told of series, with the forecast that says so where there is one: an incident is about an object, so it is told
 * only when no other limit of that object is coming. Returns how many messages that makes.
 */
export async function takeBack(
  tx: Tx,
  ids: readonly string[],
  { forecast, now }: { forecast: Forecast | null; now: Date },
) {
  // Two disks of one node that recover at once must not each wait for the other.
  await tx.run(sql`select pg_advisory_xact_lock(hashtext('limits that are taken back'))`);
  const over = await tx.many<MeasuredSeries & { id: string; cluster_id: string }>(sql`
    update forecast_record r set over_at = ${now} from metric_series s
    where s.id = r.series_id and s.id = any(${[...ids]}) and ${stands}
    returning s.id, s.cluster_id, s.series, s.subject`);
  const others = await tx.many<{ id: string }>(sql`
    select mine.id from metric_series mine join metric_series s on s.cluster_id = mine.cluster_id and s.subject = mine.subject
      join forecast_record r on r.series_id = s.id
    where mine.id = any(${over.map(({ id }) => id)}) and ${stands}`);
  const last = over.filter(({ id }) => others.every((one) => one.id !== id));
  await enqueueAll(
    tx,
    last.map(({ id, cluster_id: cluster, series, subject }) => ({
      subject: channels.anomaly.pattern,
      body: withdrawal({ id, cluster, measured: { series, subject } }, forecast, now),
    })),
  );
  return last.length;
}
