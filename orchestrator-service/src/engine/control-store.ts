import { type Bundle, channels } from '@aetherius/shared/contracts';
import { enqueue, sql, type Tx } from '@aetherius/shared/postgres';
import { wake } from './answer-store.ts';
import { storeBlob } from './journal-store.ts';
import type { RunRow } from './run.ts';

const byId = (id: string) => sql`select * from run where id = ${id} for update`;

/** What people and the manager may do to a run from outside; each takes the run's lock first. */
export const controlStore = {
  lock: (tx: Tx, id: string): Promise<RunRow | undefined> => tx.maybe<RunRow>(byId(id)),

  pause: (tx: Tx, id: string): Promise<number> =>
    tx.run(sql`
      update run set status = 'paused', revision = revision + 1, lease_owner = null
      where id = ${id} and status in ('ready', 'running', 'waiting')`),

  resume: (tx: Tx, id: string): Promise<number> =>
    tx.run(
      sql`update run set status = 'ready', wake_at = now(), revision = revision + 1 where id = ${id} and status = 'paused'`,
    ),

  /** Unsent commands go with the run; a row that the relay is just sending is skipped, or each would wait for the other. */
  cancel: async (tx: Tx, id: string, note: string): Promise<number> => {
    const cancelled = await tx.run(sql`
      update run set status = 'cancelled', revision = revision + 1, lease_owner = null, wake_at = null, finished_at = now(),
        phase = 'escalated', outcome = 'cancelled', note = ${note}
      where id = ${id} and status in ('queued', 'ready', 'running', 'waiting', 'paused')`);
    if (cancelled === 0) return 0;
    await tx.run(sql`
      delete from outbox where id in (
        select id from outbox where kind = 'request' and starts_with(body ->> 'id', ${`${id}:`}) for update skip locked)`);
    await tx.run(sql`update approval set status = 'closed' where run_id = ${id} and status = 'pending'`);
    return cancelled;
  },

  /** The manager says that the incident is over; a run that still waits for its turn never begins. */
  stop: async (tx: Tx, triggerKeys: readonly string[], why: 'cleared' | 'merged'): Promise<string | undefined> => {
    const run = await tx.maybe<RunRow>(sql`
      update run set stop = ${why} where trigger_key = any(${triggerKeys}::text[]) and finished_at is null returning *`);
    await tx.run(sql`update run set incident_over = true where trigger_key = any(${triggerKeys}::text[])`);
    if (run === undefined) return undefined;
    await tx.run(sql`
      update run set status = 'cancelled', finished_at = now(), outcome = 'cancelled', note = ${why} where id = ${run.id} and status = 'queued'`);
    await wake(tx, run.id);
    return run.id;
  },

  /** The runs of one episode in the order in which they began. */
  runsOf: (tx: Tx, triggerKeys: readonly string[]): Promise<RunRow[]> =>
    tx.many<RunRow>(
      sql`select * from run where trigger_key = any(${triggerKeys}::text[]) order by created_at, id for update`,
    ),

  /** Newer evidence for a run that is under way; an analysis that had too little is woken to ask again. */
  renewEvidence: async (
    tx: Tx,
    id: string,
    { bundle, reasons }: { bundle: Bundle; reasons: string[] },
  ): Promise<void> => {
    const hash = await storeBlob(tx, bundle);
    await tx.run(sql`
      update run set bundle_hash = ${hash}, incident = incident || jsonb_build_object('reasons', ${sql.json(reasons)}::jsonb)
      where id = ${id} and not exists (
        select 1 from blob where hash = run.bundle_hash and (body ->> 'at')::timestamptz > ${bundle.at}::timestamptz)`);
    const waiting = await tx.run(sql`
      update step set wake_at = now() where run_id = ${id} and kind = 'ai_analysis' and status = 'started' and output is not null`);
    if (waiting > 0) await wake(tx, id);
  },

  audit: async (
    tx: Tx,
    record: { id: string; at: string; actor: string; action: string; target: string },
  ): Promise<void> => {
    await enqueue(tx, {
      subject: channels.audit.pattern,
      body: { ...record, service: 'orchestrator-service', outcome: 'done', details: null },
    });
  },
} as const;
