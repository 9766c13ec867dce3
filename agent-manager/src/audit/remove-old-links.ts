import { type Expiry, sql } from '@aetherius/shared/postgres';
import { lockChain } from './audit-store.ts';
import type { Link } from './chain.ts';
import type { Trail } from './trail.ts';

/**
 * Takes old links off the beginning of the chain, notes where the rest hangs, and has that itself audited.
 * Records come a little out of order, so all before the first that is too young go, and the newest link stays whatever its age.
 */
export const removeOldLinks =
  (trail: Trail): Expiry['remove'] =>
  async (tx, before, limit) => {
    await lockChain(tx);
    const last = await tx.maybe<Pick<Link, 'seq' | 'hash'>>(sql`
      select seq, hash from (select seq, hash from audit order by seq limit ${limit}) as oldest
       where seq < (select max(seq) from audit)
         and seq < coalesce((select min(seq) from audit where at >= ${before}), 'infinity'::float8)
       order by seq desc limit 1`);
    if (last === undefined) return 0;
    await tx.run(sql`
      insert into audit_removed (seq, hash) values (${last.seq}, ${last.hash})
      on conflict (only_one) do update set seq = excluded.seq, hash = excluded.hash`);
    await trail(tx, {
      actor: 'agent-manager',
      action: 'remove_old_audit',
      target: 'audit',
      details: { through: last.seq, before: before.toISOString() },
    });
    return tx.run(sql`delete from audit where seq <= ${last.seq}`);
  };
