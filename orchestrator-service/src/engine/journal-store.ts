import { seconds } from '@aetherius/shared/contracts';
import { sql, type Tx } from '@aetherius/shared/postgres';
import type { Changes, Snapshot } from './advance.ts';
import { hashOf } from './hash.ts';
import type { Entry } from './journal.ts';
import type { Sequence } from './node.ts';
import type { RunRow } from './run.ts';
import { active } from './run-store.ts';
import type { Facts } from './scope.ts';

/** Outputs above this are stored once by their hash. */
const MAX_INLINE_BYTES = 64 * 1024;

/** The journal of a run and all that an advance may look at. */
export const journalStore = {
  load: async (tx: Tx, run: RunRow, protectedNamespaces: readonly string[]): Promise<Snapshot> => {
    const { compiled } = await tx.one<{ compiled: Sequence }>(
      sql`select compiled from definition where name = ${run.definition} and version = ${run.version}`,
    );
    const journal = await tx.many<Entry>(sql`
      select path, kind, status, attempt, input, coalesce(step.output, blob.body) as output, reason, correlation_id, answer,
             deadline, wake_at, started_at, finished_at
      from step left join blob on blob.hash = step.output_hash where run_id = ${run.id} order by seq`);
    const facts = await loadFacts(tx, run);
    return { run, tree: compiled, journal, facts: { ...facts, protected_namespaces: protectedNamespaces } };
  },

  /**
   * Ends the lease and writes the new state; false when the run is not ours any more (taken over, completed, cancelled
   * or paused meanwhile), and then nothing may be written.
   */
  release: async (tx: Tx, { run, changes }: { run: RunRow; changes: Changes }): Promise<boolean> => {
    const { progress } = changes;
    const finished = changes.status !== 'waiting';
    const released = await tx.run(sql`
      update run set status = ${changes.status}, wake_at = ${changes.wake_at}, lease_owner = null, lease_until = null,
        revision = revision + 1, phase = ${progress.phase}, diagnosis = ${progress.diagnosis}, action = ${progress.action},
        outcome = ${progress.outcome}, note = ${progress.note}, finished_at = case when ${finished} then now() end
      where id = ${run.id} and status = 'running' and lease_owner = ${run.lease_owner} and revision = ${run.revision}`);
    return released === 1;
  },

  /** New and changed steps, in the order in which they began. */
  write: async (tx: Tx, runId: string, entries: readonly Entry[]): Promise<void> => {
    if (entries.length === 0) return;
    const rows = await Promise.all(entries.map(async (entry) => ({ run_id: runId, ...(await slim(tx, entry)) })));
    await tx.run(sql`
      insert into step (run_id, path, kind, status, attempt, input, output, output_hash, reason, correlation_id, answer,
                        deadline, wake_at, started_at, finished_at)
      select run_id, path, kind, status, attempt, input, output, output_hash, reason, correlation_id, answer,
             deadline, wake_at, started_at, finished_at
      from jsonb_populate_recordset(null::step, ${sql.json(rows)}::jsonb)
      on conflict (run_id, path) do update set
        status = excluded.status, attempt = excluded.attempt, input = excluded.input, output = excluded.output,
        output_hash = excluded.output_hash, reason = excluded.reason, correlation_id = excluded.correlation_id,
        answer = excluded.answer, deadline = excluded.deadline, wake_at = excluded.wake_at, finished_at = excluded.finished_at`);
  },
} as const;

/** Keeps a large value once; returns its hash. One that comes again counts as new, or it could go for its age just now. */
export async function storeBlob(tx: Tx, body: unknown): Promise<string> {
  const hash = hashOf(body);
  await tx.run(sql`
    insert into blob (hash, body) values (${hash}, ${sql.json(body)}::jsonb)
    on conflict (hash) do update set created_at = now() where blob.created_at < now() - interval '1 day'`);
  return hash;
}

async function slim(tx: Tx, entry: Entry): Promise<Entry & { output_hash: string | null }> {
  const large = entry.output !== null && Buffer.byteLength(JSON.stringify(entry.output)) > MAX_INLINE_BYTES;
  return large
    ? { ...entry, output: null, output_hash: await storeBlob(tx, entry.output) }
    : { ...entry, output_hash: null };
}

type Loaded = Omit<Facts, 'protected_namespaces' | 'bundle_hash'>;

/** One statement, so that all of it was true at one time. */
async function loadFacts(tx: Tx, run: RunRow): Promise<Omit<Facts, 'protected_namespaces'>> {
  const cooldown = run.strategy === null ? 0 : seconds(run.strategy.cooldown);
  const loaded = await tx.one<Loaded>(sql`
    select now() as now,
      (select engaged from kill_switch) as kill_switch,
      (select coalesce(jsonb_object_agg(target, times), '{}') from (
         select target, count(*) as times from write
         where cluster_id = ${run.incident.cluster_id} and at > now() - interval '1 hour' group by target) recent) as writes,
      (select coalesce(jsonb_agg(distinct write.target), '[]') from write join run other on other.id = write.run_id
         where other.id <> ${run.id} and write.cluster_id = ${run.incident.cluster_id} and other.status in ${active}) as busy,
      exists (select 1 from write join run other on other.id = write.run_id
         where other.id <> ${run.id} and other.target = ${run.target} and other.strategy ->> 'name' = ${run.strategy?.name ?? null}
           and write.at > now() - ${cooldown} * interval '1 second') as cooling_down,
      (select coalesce(jsonb_agg(jsonb_build_object('kind', one -> 'kind', 'namespace', one -> 'namespace', 'name', one -> 'name')), '[]')
         from blob, jsonb_array_elements(body -> 'objects') one where hash = ${run.bundle_hash}) as known`);
  return { ...loaded, bundle_hash: run.bundle_hash };
}
