import { type Db, sql } from '@aetherius/shared/postgres';

/** What the manager shows of its tables; null where there is nothing that the figure could speak of. */
export type ManagerFigures = {
  clusters: number;
  unattended: number;
  unattended_oldest: number;
  escalated: number;
  faint: number;
  commands_waiting: number;
  token_expiry: number | null;
  stray_days: number;
  foreseen: number;
  backup_age: number;
  backup_failed: number;
};

/** Depths and ages of everything that waits in the manager, in one statement. */
export const readManagerFigures = (db: Db): Promise<ManagerFigures> =>
  db.one<ManagerFigures>(sql`
    with live as (select state, opened_at from incident where closed_at is null and opened_at is not null and merged_into is null)
    select (select count(*) from cluster where revoked_at is null) as clusters,
      (select count(*) from live where state = 'open') as unattended,
      (select coalesce(extract(epoch from max(now() - opened_at)), 0)::float8 from live where state = 'open') as unattended_oldest,
      (select count(*) from live where state = 'escalated') as escalated,
      (select count(*) from incident where opened_at is null and closed_at is null) as faint,
      (select count(*) from command where status in ('sent', 'accepted')) as commands_waiting,
      (select extract(epoch from min(expires_at))::float8 from api_token where revoked_at is null and expires_at > now()) as token_expiry,
      (select count(*) from event_other) as stray_days,
      (select count(*) from incident where closed_at is null and opened_at is not null and last_seen_at is null and foreseen_at is not null) as foreseen,
      (select extract(epoch from now() - coalesce((select at from backup where outcome = 'succeeded'), (select min(at) from migration)))::float8) as backup_age,
      (select count(*) from backup as failed where outcome = 'failed'
         and at > coalesce((select at from backup where outcome = 'succeeded'), '-infinity')) as backup_failed`);
