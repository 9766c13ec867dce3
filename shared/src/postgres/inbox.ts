import type { Tx } from './pool.ts';
import { sql } from './sql.ts';

/** True exactly once per consumer and message, within the caller's transaction. */
export async function firstTime(tx: Tx, consumer: string, messageId: string): Promise<boolean> {
  const inserted = await tx.run(
    sql`insert into inbox (consumer, message_id) values (${consumer}, ${messageId}) on conflict do nothing`,
  );
  return inserted === 1;
}
