import { sql, type Tx } from '@aetherius/shared/postgres';
import { active } from './run-store.ts';

export type Queues = {
  runs: number;
  active: number;
  queued: number;
  paused: number;
  oldest_seconds: number;
  runs_due_seconds: number;
  approvals: number;
  approvals_oldest_seconds: number;
  notifications: number;
  notifications_failed: number;
  kill_switch: number;
  /** Null as long as nothing was diagnosed. */
  adoption: number | null;
};

/** How much lies where, and for how long. */
export const readQueues = (tx: Tx): Promise<Queues> =>
  tx.one<Queues>(sql`
    with open_run as (select * from run where finished_at is null),
      waiting as (select created_at from approval where status = 'pending' and expires_at > now())
    select (select count(*) from open_run) as runs,
      (select count(*) from open_run where status in ${active}) as active,
      (select count(*) from open_run where status = 'queued') as queued,
      (select count(*) from open_run where status = 'paused') as paused,
      (select coalesce(extract(epoch from max(now() - created_at)), 0)::float8 from open_run) as oldest_seconds,
      (select coalesce(extract(epoch from max(now() - wake_at)), 0)::float8 from open_run
         where status in ('ready', 'waiting') and wake_at <= now()) as runs_due_seconds,
      (select count(*) from waiting) as approvals,
      (select coalesce(extract(epoch from max(now() - created_at)), 0)::float8 from waiting) as approvals_oldest_seconds,
      (select count(*) from notification where status = 'pending') as notifications,
      (select count(*) from notification where status = 'failed' and created_at > now() - interval '1 day') as notifications_failed,
      (select count(*) from kill_switch where engaged) as kill_switch,
      (select avg((action is not null)::int)::float8 from run
         where diagnosis is not null and finished_at > now() - interval '7 days') as adoption`);
