import type { Tx } from './pool.ts';
import { sql } from './sql.ts';

/** True exactly once per consumer and message, within the caller's transaction. */
export const firstTime = async (tx: Tx, consumer: string, messageId: string): Promise<boolean> =>
  (await firstTimes(tx, consumer, [messageId])).has(messageId);

/** The same for many: those that were not handled before. */
export async function firstTimes(tx: Tx, consumer: string, messageIds: readonly string[]): Promise<Set<string>> {
  // In one order everywhere, so that two consumers of the same messages wait for each other instead of both for ever.
  const ids = [...new Set(messageIds)].sort();
  const fresh = await tx.many<{ message_id: string }>(sql`
    insert into inbox (consumer, message_id) select ${consumer}, id from unnest(${ids}::text[]) as id
    on conflict do nothing returning message_id`);
  return new Set(fresh.map(({ message_id }) => message_id));
}
