import type { Strategy } from '@aetherius/shared/contracts';
import { type Query, sql, type Tx } from '@aetherius/shared/postgres';
import type { Incident, RunRow } from './run.ts';

/** A lease is held only while a run advances, which takes milliseconds. */
const LEASE = '3 seconds';
/** Runs that share the commits of one advance. */
const CLAIM_BATCH = 50;
const SWEEP_LOCK = 'orchestrator:sweep';

export type NewRun = {
  id: string;
  definition: string;
  version: number;
  strategy: Strategy | null;
  requester: string;
  incident: Incident;
  target: string;
  trigger_key: string;
  bundle_hash: string | null;
  traceparent: string | null;
  timeout_s: number;
};

/** Statuses in which a run looks after its target. */
export const active: Query = sql`('ready', 'running', 'waiting', 'paused')`;

/** Takes the locks of several runs, in the order in which everybody takes them; answers with what is there. */
export const lockRuns = (tx: Tx, ids: readonly string[]): Promise<{ id: string; status: RunRow['status'] }[]> =>
  tx.many(sql`select id, status from run where id = any(${[...ids]}) order by id for update`);

/** All statements that move a run as a whole. */
export const runStore = {
  /** Begins in the queue; false when this trigger already had its run. */
  insert: async (tx: Tx, run: NewRun): Promise<boolean> => {
    const { timeout_s, ...row } = run;
    const inserted = await tx.run(sql`
      insert into run (id, definition, version, strategy, requester, incident, target, trigger_key, bundle_hash, traceparent, status, deadline)
      values (${row.id}, ${row.definition}, ${row.version}, ${row.strategy}, ${row.requester}, ${row.incident}, ${row.target},
              ${row.trigger_key}, ${row.bundle_hash}, ${row.traceparent}, 'queued', now() + ${timeout_s} * interval '1 second')
      on conflict (trigger_key) do nothing`);
    return inserted === 1;
  },

  /** Due runs become ours; what another replica is just claiming is skipped, not waited for. */
  claim: (tx: Tx, owner: string): Promise<RunRow[]> =>
    tx.many<RunRow>(sql`
      update run set status = 'running', lease_owner = ${owner}, lease_until = now() + interval '${sql.raw(LEASE)}', revision = revision + 1
      where id in (
        select id from run where status in ('ready', 'waiting') and wake_at <= now()
        order by wake_at limit ${CLAIM_BATCH} for update skip locked)
      returning *`),

  /** Runs that do nothing but wait, locked; one that has killed a runner is left to those who count that. */
  lockWaiting: (tx: Tx, ids: readonly string[]): Promise<RunRow[]> =>
    tx.many<RunRow>(
      sql`select * from run where id = any(${[...ids]}) and status = 'waiting' and crashes = 0 order by id for update`,
    ),

  /** Whether there is anything to sweep; mostly there is not, and one look costs less than a transaction. */
  needsSweep: async (tx: Tx): Promise<boolean> =>
    (
      await tx.one<{ due: boolean }>(sql`
        select exists (select from run where status = 'queued')
          or exists (select from run where status = 'running' and lease_until < now()) as due`)
    ).due,

  /** True for one replica at a time: two promotions of one target would meet in the unique index. */
  maySweep: async (tx: Tx): Promise<boolean> =>
    (await tx.one<{ mine: boolean }>(sql`select pg_try_advisory_xact_lock(hashtext(${SWEEP_LOCK})) as mine`)).mine,

  /** Runs whose runner died: the new revision makes sure that it cannot come back and write. One that is locked is just being released. */
  takeOver: (tx: Tx): Promise<number> =>
    tx.run(sql`
      update run set status = 'ready', wake_at = now(), revision = revision + 1, crashes = crashes + 1, lease_owner = null
      where id in (select id from run where status = 'running' and lease_until < now() for update skip locked)`),

  /**
   * The next run of each target that nobody looks after. After another run of the same target it waits a little: when
   * that one was the cure, the message that says so is on its way.
   */
  promote: (tx: Tx): Promise<number> =>
    tx.run(sql`
      update run set status = 'ready', revision = revision + 1,
        wake_at = (select coalesce(max(earlier.finished_at) + interval '15 seconds', now()) from run earlier
                   where earlier.target = run.target and earlier.finished_at > run.created_at)
      where id in (
        select distinct on (target) id from run waiting
        where status = 'queued' and not exists (
          select 1 from run busy where busy.target = waiting.target and busy.status in ${active})
        order by target, created_at, id)`),
} as const;
