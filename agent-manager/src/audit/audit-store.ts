import type { AuditRecord } from '@aetherius/shared/contracts';
import { type Db, sql, type Tx, withTransaction } from '@aetherius/shared/postgres';
import { brokenAt, CHAIN_START, type Link, linkHash } from './chain.ts';

/** An audit record with its place in the chain. */
export type ChainedRecord = AuditRecord & { seq: number; hash: string };
/** Whether the chain holds, where it first does not, and how many records went before because of their age. */
export type ChainReport = { intact: boolean; records: number; removed: number; broken_at: number | null };

const CHECKED_AT_ONCE = 1_000;

/** Two replicas that append at once would both follow the same last link. */
export const lockChain = (tx: Tx): Promise<number> =>
  tx.run(sql`select pg_advisory_xact_lock(hashtext('audit chain'))`);

/** The chain of audit records: appended to, never changed; only its oldest part goes. */
export type AuditStore = ReturnType<typeof createAuditStore>;

export const createAuditStore = (db: Db) => ({
  append: (records: readonly AuditRecord[]): Promise<void> =>
    withTransaction(db, async (tx) => {
      await lockChain(tx);
      const last = await tx.maybe<{ seq: number; hash: string }>(
        sql`select seq, hash from audit order by seq desc limit 1`,
      );
      let previous = last ?? { seq: 0, hash: CHAIN_START };
      for (const entry of records) {
        const record = JSON.stringify(entry);
        const hash = linkHash(previous.hash, record);
        const added = await tx.run(sql`
          insert into audit (seq, id, at, service, actor, action, target, outcome, details, record, previous_hash, hash)
          values (${previous.seq + 1}, ${entry.id}, ${entry.at}, ${entry.service}, ${entry.actor}, ${entry.action}, ${entry.target},
                  ${entry.outcome}, ${entry.details}, ${record}, ${previous.hash}, ${hash})
          on conflict (id) do nothing`);
        if (added === 1) previous = { seq: previous.seq + 1, hash };
      }
    }),

  list: ({
    limit,
    before,
    actor,
  }: {
    limit: number;
    before: number | undefined;
    actor: string | undefined;
  }): Promise<ChainedRecord[]> =>
    db.many<ChainedRecord>(sql`
      select seq, id, at, service, actor, action, target, outcome, details, hash from audit
       where (${before ?? null}::bigint is null or seq < ${before ?? null}) and (${actor ?? null}::text is null or actor = ${actor ?? null})
       order by seq desc limit ${limit}`),

  /** Walks all that is kept of the chain in pieces. */
  check: async (): Promise<ChainReport> => {
    let last = (await db.maybe<Pick<Link, 'seq' | 'hash'>>(sql`select seq, hash from audit_removed`)) ?? {
      seq: 0,
      hash: CHAIN_START,
    };
    const removed = last.seq;
    for (;;) {
      const links = await db.many<Link>(
        sql`select seq, record, previous_hash, hash from audit where seq > ${last.seq} order by seq limit ${CHECKED_AT_ONCE}`,
      );
      const broken = brokenAt(links, last);
      if (broken !== undefined) return { intact: false, records: last.seq - removed, removed, broken_at: broken };
      const end = links.at(-1);
      if (end === undefined) return { intact: true, records: last.seq - removed, removed, broken_at: null };
      last = end;
    }
  },
});
