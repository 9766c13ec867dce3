import { z } from 'zod';
import type { Logger } from '../log/index.ts';
import { Counter, type Registry } from '../metrics/index.ts';
import { type Clock, startLoop } from '../service/index.ts';
import type { Db, Tx } from './pool.ts';
import { type Query, sql } from './sql.ts';
import { withTransaction } from './transaction.ts';

/** What goes by age: `remove` takes at most `limit` rows that are over since `before`, and says how many it took. */
export type Expiry = {
  what: string;
  days: number;
  remove: (tx: Tx, before: Date, limit: number) => Promise<number>;
};

type ByRow = { table: string; key: readonly string[]; expired: (before: Date) => Query };

const DAY_MS = 86_400_000;
const EVERY_MS = 3_600_000;
const BATCH = 1_000;

/** A variable of the configuration that holds an age in whole days. */
export const retentionDays = (standard: number, about: string, least = 1) =>
  z.coerce.number().int().min(least).max(36_500).default(standard).describe(about);

/** Streams keep a message for seven days: what forgets sooner that it was handled would handle it again. */
export const inboxVariable = { RETENTION_INBOX_DAYS: retentionDays(14, 'Which messages were handled', 8) };

/** Removes rows one by one, passing over those that somebody is changing right now. */
export const removeRows =
  ({ table, key, expired }: ByRow): Expiry['remove'] =>
  (tx, before, limit) => {
    const columns = sql.raw(key.join(', '));
    const name = sql.raw(table);
    return tx.run(sql`
      delete from ${name} where (${columns}) in (
        select ${columns} from ${name} where ${expired(before)} limit ${limit} for update skip locked)`);
  };

/** The kit's own table. */
export const inboxExpiry = (days: number): Expiry => ({
  what: 'inbox',
  days,
  remove: removeRows({
    table: 'inbox',
    key: ['consumer', 'message_id'],
    expired: (before) => sql`at < ${before}`,
  }),
});

type Pruning = { db: Db; expiries: readonly Expiry[]; clock: Clock; signal: AbortSignal };

/** One round over everything, each batch in a transaction of its own, so that nobody waits for more than one batch. */
export async function prune(
  { db, expiries, clock, signal }: Pruning,
  done: (what: string, rows: number) => void,
  failed: (what: string, error: unknown) => void,
): Promise<void> {
  for (const { what, days, remove } of expiries) {
    const before = new Date(clock.now().getTime() - days * DAY_MS);
    try {
      for (let rows = BATCH; rows === BATCH && !signal.aborted; ) {
        rows = await withTransaction(db, async (tx) => ((await isOurTurn(tx)) ? remove(tx, before, BATCH) : 0));
        if (rows > 0) done(what, rows);
      }
    } catch (error) {
      // What can be removed elsewhere need not wait for what cannot be removed here.
      failed(what, error);
    }
  }
}

/** Replicas prune one at a time: two would look for the same rows. */
async function isOurTurn(tx: Tx): Promise<boolean> {
  const { ours } = await tx.one<{ ours: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtext('prune:' || current_schema())) as ours`,
  );
  return ours;
}

type Starting = Omit<Pruning, 'signal'> & { metrics: Registry; log: Logger };

/** Prunes now and every hour, and counts what went. */
export function startPruning({ metrics, log, ...pruning }: Starting): { stop(): Promise<void> } {
  const pruned = new Counter({
    name: 'aetherius_pruned_rows_total',
    help: 'Rows removed because of their age, by what they are',
    labelNames: ['what'],
    registers: [metrics],
  });
  const stopping = new AbortController();
  const loop = startLoop({
    name: 'pruning',
    every: EVERY_MS,
    log,
    run: () =>
      prune(
        { ...pruning, signal: stopping.signal },
        (what, rows) => pruned.inc({ what }, rows),
        (what, err) => log.error({ err, what }, 'what is old could not be removed'),
      ),
  });
  return {
    stop: async () => {
      stopping.abort();
      await loop.stop();
    },
  };
}
