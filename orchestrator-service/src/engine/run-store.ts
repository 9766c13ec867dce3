import type { Strategy } from '@aetherius/shared/contracts';
import { type Query, sql, type Tx } from '@aetherius/shared/postgres';
import type { Incident, RunRow } from './run.ts';

/** A lease is held only while a run advances, which takes milliseconds. */
const LEASE = '3 seconds';
/** Runs that share the commits of one advance. */
const CLAIM_BATCH = 50;
const SWEEP_LOCK = 'orchestrator:sweep';
const WRITE_LOCK = 'orchestrator:write';

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

/** Whoever is about to change one of these clusters is alone with that until its transaction ends. */
export const lockWrites = (tx: Tx, clusterIds: readonly string[]): Promise<unknown> =>
  tx.many(sql`
    select pg_advisory_xact_lock(hashtext(${WRITE_LOCK}), cluster) from (
      select distinct hashtext(id) as cluster from unnest(${[...clusterIds]}::text[]) id order by cluster offset 0) clusters`);

/** All statements that move a run as a whole. */
export const runStore = {
  /** Begin in the queue; answers with the ids of those whose trigger had no run yet. */
  insert: async (tx: Tx, runs: readonly NewRun[]): Promise<Set<string>> => {
    const inserted = await tx.many<{ id: string }>(sql`
      insert into run (id, definition, version, strategy, requester, incident, target, trigger_key, bundle_hash, traceparent, status, deadline)
      select id, definition, version, strategy, requester, incident, target, trigger_key, bundle_hash, traceparent, 'queued',
             now() + timeout_s * interval '1 second'
      from json_to_recordset(${sql.json(runs)}::json) as new (id text, definition text, version int, strategy jsonb, requester text,
        incident jsonb, target text, trigger_key text, bundle_hash text, traceparent text, timeout_s float8)
      order by trigger_key
      on conflict (trigger_key) do nothing returning id`);
    return new Set(inserted.map(({ id }) => id));
  },

  /** Due runs become ours; what another replica is just claiming is skipped, not waited for. */
  claim: (tx: Tx, owner: string): Promise<RunRow[]> =>
    tx.many<RunRow>(sql`
      update run set status = 'running', lease_owner = ${owner}, lease_until = now() + interval '${sql.raw(LEASE)}', revision = revision + 1
      where id in (
        select id from run where status in ('ready', 'waiting') and wake_at <= now()
        order by wake_at limit ${CLAIM_BATCH} for update skip locked)
      returning *`),

  /** Locks those that wait and never killed a runner, in the order of `lockRuns`; one under a lease is left to whoever holds that. */
  lockWaiting: (tx: Tx, ids: readonly string[]): Promise<RunRow[]> =>
    tx.many<RunRow>(sql`
      select * from run where id = any(${[...ids]}) and status = 'waiting' and crashes = 0 order by id for update`),

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
      with next as (
        select distinct on (target) id, target, created_at from run waiting
        where status = 'queued' and not exists (
          select 1 from run busy where busy.target = waiting.target and busy.status in ${active})
        order by target, created_at, id
      ), earlier as (
        select target, max(finished_at) as finished_at from run
        where target in (select target from next) and finished_at > (select min(created_at) from next) group by target
      )
      update run set status = 'ready', revision = revision + 1,
        wake_at = case when earlier.finished_at > run.created_at then earlier.finished_at + interval '15 seconds' else now() end
      from next left join earlier using (target) where run.id = next.id`),
} as const;
