import { sql, type Tx } from '@aetherius/shared/postgres';

export type Queues = {
  runs: number;
  runs_due_seconds: number;
  approvals: number;
  notifications: number;
  outbox: number;
  outbox_oldest_seconds: number;
};

/** How much lies where, and for how long. */
export const readQueues = (tx: Tx): Promise<Queues> =>
  tx.one<Queues>(sql`
    select (select count(*) from run where finished_at is null) as runs,
      (select coalesce(extract(epoch from max(now() - wake_at)), 0)::float8 from run
         where status in ('ready', 'waiting') and wake_at <= now()) as runs_due_seconds,
      (select count(*) from approval where status = 'pending' and expires_at > now()) as approvals,
      (select count(*) from notification where status = 'pending') as notifications,
      (select count(*) from outbox) as outbox,
      (select coalesce(extract(epoch from max(now() - created_at)), 0)::float8 from outbox) as outbox_oldest_seconds`);
