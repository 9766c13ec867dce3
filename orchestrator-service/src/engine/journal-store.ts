import { seconds } from '@aetherius/shared/contracts';
import { sql, type Tx } from '@aetherius/shared/postgres';
import type { Changes, Snapshot } from './advance.ts';
import { hashOf } from './hash.ts';
import type { Entry } from './journal.ts';
import type { RunRow } from './run.ts';
import { active, lockRuns } from './run-store.ts';
import type { Facts } from './scope.ts';
import type { Trees } from './trees.ts';

/** Outputs above this are stored once by their hash. */
const MAX_INLINE_BYTES = 64 * 1024;

/** A run with what an advance made of it. */
export type Planned = { run: RunRow; changes: Changes; tells: boolean };

type Given = { trees: Trees; protectedNamespaces: readonly string[] };

/** The journals of runs and all that an advance may look at. */
export const journalStore = {
  load: async (tx: Tx, runs: readonly RunRow[], { trees, protectedNamespaces }: Given): Promise<Snapshot[]> => {
    await trees.have(tx, runs);
    const [journals, facts] = await Promise.all([loadJournals(tx, runs), loadFacts(tx, runs)]);
    return runs.flatMap((run) => {
      const [tree, own] = [trees.of(run), facts.get(run.id)];
      if (tree === undefined || own === undefined) return [];
      const journal = journals.get(run.id) ?? [];
      return [{ run, tree, journal, facts: { ...own, protected_namespaces: protectedNamespaces } }];
    });
  },

  /**
   * Ends the leases and writes the new states; answers with the runs that are still ours, and the revision of their
   * progress. Of those that are not (taken over, completed, cancelled or paused meanwhile) nothing may be written.
   */
  release: async (tx: Tx, planned: readonly Planned[]): Promise<Map<string, number>> => {
    const rows = planned.map(({ run, changes, tells }) => ({
      ...{ id: run.id, lease_owner: run.lease_owner, revision: run.revision, tells },
      ...{ status: changes.status, wake_at: changes.wake_at, finished: changes.status !== 'waiting' },
      ...changes.progress,
    }));
    // Locked in one order everywhere, so that batches that meet wait for each other instead of both for ever.
    await lockRuns(
      tx,
      rows.map(({ id }) => id),
    );
    const released = await tx.many<{ id: string; progress_revision: number }>(sql`
      update run set status = new.status, wake_at = new.wake_at, lease_owner = null, lease_until = null,
        revision = run.revision + 1, phase = new.phase, diagnosis = new.diagnosis, action = new.action,
        outcome = new.outcome, note = new.note, finished_at = case when new.finished then now() end,
        progress_revision = run.progress_revision + new.tells::int
      from jsonb_to_recordset(${sql.json(rows)}::jsonb) as new (id text, lease_owner text, revision int, tells boolean,
        status text, wake_at timestamptz, finished boolean, phase text, diagnosis jsonb, action text, outcome text, note text)
      where run.id = new.id and run.status = 'running' and run.lease_owner = new.lease_owner and run.revision = new.revision
      returning run.id, run.progress_revision`);
    return new Map(released.map(({ id, progress_revision }) => [id, progress_revision]));
  },

  /** New and changed steps, in the order in which they began. */
  write: async (tx: Tx, planned: readonly Planned[]): Promise<void> => {
    const rows: unknown[] = [];
    for (const { run, changes } of planned)
      for (const entry of changes.entries) rows.push({ run_id: run.id, ...(await slim(tx, entry)) });
    if (rows.length === 0) return;
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

async function loadJournals(tx: Tx, runs: readonly RunRow[]): Promise<Map<string, Entry[]>> {
  const rows = await tx.many<Entry & { run_id: string }>(sql`
    select run_id, path, kind, status, attempt, input, coalesce(step.output, blob.body) as output, reason, correlation_id,
           answer, deadline, wake_at, started_at, finished_at
    from step left join blob on blob.hash = step.output_hash where run_id = any(${runs.map(({ id }) => id)}) order by seq`);
  const journals = new Map<string, Entry[]>();
  for (const { run_id, ...entry } of rows) {
    const journal = journals.get(run_id) ?? [];
    journals.set(run_id, journal);
    journal.push(entry);
  }
  return journals;
}

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
async function loadFacts(tx: Tx, runs: readonly RunRow[]): Promise<Map<string, Omit<Facts, 'protected_namespaces'>>> {
  const asked = runs.map(({ id, target, bundle_hash, incident, strategy }) => ({
    ...{ id, target, bundle_hash, cluster_id: incident.cluster_id, strategy: strategy?.name ?? null },
    cooldown: strategy === null ? 0 : seconds(strategy.cooldown),
  }));
  const rows = await tx.many<Loaded & { id: string; bundle_hash: string | null }>(sql`
    select asked.id, asked.bundle_hash, now() as now,
      (select engaged from kill_switch) as kill_switch,
      (select coalesce(jsonb_object_agg(target, times), '{}') from (
         select target, count(*) as times from write
         where cluster_id = asked.cluster_id and at > now() - interval '1 hour' group by target) recent) as writes,
      (select coalesce(jsonb_agg(distinct write.target), '[]') from write join run other on other.id = write.run_id
         where other.id <> asked.id and write.cluster_id = asked.cluster_id and other.status in ${active}) as busy,
      exists (select 1 from write join run other on other.id = write.run_id
         where other.id <> asked.id and other.target = asked.target and other.strategy ->> 'name' = asked.strategy
           and write.at > now() - asked.cooldown * interval '1 second') as cooling_down,
      (select coalesce(jsonb_agg(jsonb_build_object('kind', one -> 'kind', 'namespace', one -> 'namespace', 'name', one -> 'name')), '[]')
         from blob, jsonb_array_elements(body -> 'objects') one where hash = asked.bundle_hash) as known
    from jsonb_to_recordset(${sql.json(asked)}::jsonb) as asked (id text, target text, bundle_hash text, cluster_id text,
      strategy text, cooldown float8)`);
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}
