import { sql, type Tx } from '@aetherius/shared/postgres';
import type { Incident } from '../engine/run.ts';

export type DueNotification = {
  id: string;
  run_id: string;
  severity: string;
  message: string;
  attempts: number;
  created_at: string;
  incident: Incident;
};

/** Messages on their way to people. */
export const notificationStore = {
  /** The next due one, locked: two replicas never send the same at once. */
  takeDue: (tx: Tx): Promise<DueNotification | undefined> =>
    tx.maybe<DueNotification>(sql`
      select notification.id, run_id, severity, message, attempts, notification.created_at, run.incident
      from notification join run on run.id = run_id
      where notification.status = 'pending' and next_at <= now()
      order by next_at limit 1 for update of notification skip locked`),

  sent: (tx: Tx, id: string): Promise<number> =>
    tx.run(sql`update notification set status = 'sent', attempts = attempts + 1, problem = null where id = ${id}`),

  /** Tried again after twice the time; given up, visibly, after the last attempt. */
  failed: (tx: Tx, { id, problem, last }: { id: string; problem: string; last: boolean }): Promise<number> =>
    tx.run(sql`
      update notification set status = ${last ? 'failed' : 'pending'}, attempts = attempts + 1, problem = ${problem},
        next_at = now() + power(2, attempts) * interval '5 seconds' where id = ${id}`),
} as const;
