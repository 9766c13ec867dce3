import { type Db, sql, type Tx } from '@aetherius/shared/postgres';
import type { Horizon } from '../../forecast/horizon.ts';
import type { TrackRecord } from '../../forecast/track-record.ts';

export type StoredRecord = TrackRecord & { series_id: string; horizon: Horizon; told_at: string | null };

/** What is known of the forecasts of these series. */
export const recordsOf = (db: Db, ids: readonly string[]): Promise<StoredRecord[]> =>
  db.many<StoredRecord>(sql`
    select series_id, horizon, pending, outcomes, told_at from forecast_record where series_id = any(${[...ids]})`);

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
  db.run(sql`update forecast_record set told_at = null where series_id = ${series_id} and horizon = ${horizon}`);
