import { type Subject, seconds } from '@aetherius/shared/contracts';
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
   * progress. Of those that are not (taken over, completed, cancelled or paused meanwhile) nothing may be written. A run that
   * goes on waiting is not put off: to be woken once too early costs less than to find its place in an index at each step.
   */
  release: async (tx: Tx, planned: readonly Planned[]): Promise<Map<string, number>> => {
    const rows = planned.map(({ run, changes, tells }) => ({
      ...{ id: run.id, was: run.status, lease_owner: run.lease_owner, revision: run.revision, tells },
      ...{ status: changes.status, wake_at: changes.wake_at, finished: changes.status !== 'waiting' },
      ...changes.progress,
    }));
    // Locked in one order everywhere, so that batches that meet wait for each other instead of both for ever.
    await lockRuns(
      tx,
      rows.map(({ id }) => id),
    );
    const released = await tx.many<{ id: string; progress_revision: number }>(sql`
      update run set status = new.status, wake_at = case when run.status = new.status and run.wake_at > now()
        then least(run.wake_at, new.wake_at) else new.wake_at end, lease_owner = null, lease_until = null,
        revision = run.revision + 1, phase = new.phase, diagnosis = new.diagnosis, action = new.action,
        outcome = new.outcome, note = new.note, finished_at = case when new.finished then now() end,
        progress_revision = run.progress_revision + new.tells::int
      from jsonb_to_recordset(${sql.json(rows)}::jsonb) as new (id text, was text, lease_owner text, revision int, tells boolean,
        status text, wake_at timestamptz, finished boolean, phase text, diagnosis jsonb, action text, outcome text, note text)
      where run.id = new.id and run.status = new.was and run.lease_owner is not distinct from new.lease_owner and run.revision = new.revision
      returning run.id, run.progress_revision`);
    return new Map(released.map(({ id, progress_revision }) => [id, progress_revision]));
  },

  /** New and changed steps, in the order in which they began. */
  write: async (tx: Tx, planned: readonly Planned[]): Promise<void> => {
    const rows: unknown[] = [];
    for (const { run, changes } of planned)
      for (const entry of changes.entries) rows.push({ run_id: run.id, ...(await slim(tx, entry)), ...kept(entry) });
    if (rows.length === 0) return;
    await tx.run(sql`
      insert into step (run_id, path, kind, status, attempt, input, output, output_hash, reason, correlation_id, answer,
                        deadline, wake_at, started_at, finished_at)
      select run_id, path, kind, status, attempt, input, output, output_hash, reason, correlation_id, answer,
             deadline, wake_at, started_at, finished_at
      from json_populate_recordset(null::step, ${sql.json(rows)}::json)
      on conflict (run_id, path) do update set
        status = excluded.status, attempt = excluded.attempt, input = coalesce(excluded.input, step.input), output = excluded.output,
        output_hash = excluded.output_hash, reason = excluded.reason, correlation_id = excluded.correlation_id,
        answer = excluded.answer, deadline = excluded.deadline, wake_at = excluded.wake_at, finished_at = excluded.finished_at`);
  },
} as const;

/** What a step was asked is of use until it is settled. */
async function loadJournals(tx: Tx, runs: readonly RunRow[]): Promise<Map<string, Entry[]>> {
  const rows = await tx.many<Entry & { run_id: string }>(sql`
    select run_id, path, kind, status, attempt, case when status = 'started' then input end as input,
           coalesce(step.output, blob.body) as output, reason, correlation_id, answer, deadline, wake_at, started_at, finished_at
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

/** What began in an earlier advance and ends in this one has its input in its row, unchanged. */
const kept = ({ started_at, finished_at }: Entry): { input?: null } =>
  finished_at === null || finished_at === started_at ? {} : { input: null };

async function slim(tx: Tx, entry: Entry): Promise<Entry & { output_hash: string | null }> {
  const large = entry.output !== null && Buffer.byteLength(JSON.stringify(entry.output)) > MAX_INLINE_BYTES;
  return large
    ? { ...entry, output: null, output_hash: await storeBlob(tx, entry.output) }
    : { ...entry, output_hash: null };
}

type Loaded = Omit<Facts, 'protected_namespaces'>;
type Write = {
  cluster_id: string;
  target: string;
  run_id: string;
  age_s: number;
  /** What the run that wrote looks after, and whether it still does. */
  of: string;
  strategy: string | null;
  active: boolean;
};
type Found = { now: string; kill_switch: boolean; writes: Write[]; known: Record<string, Subject[]> };

const HOUR_S = 3600;
const cooldownOf = ({ strategy }: RunRow): number => (strategy === null ? 0 : seconds(strategy.cooldown));

/** One statement, so that all of it was true at one time; the writes once for all runs of a cluster. */
async function loadFacts(tx: Tx, runs: readonly RunRow[]): Promise<Map<string, Loaded>> {
  const clusters = [...new Set(runs.map(({ incident }) => incident.cluster_id))];
  const bundles = [...new Set(runs.map(({ bundle_hash }) => bundle_hash).filter((hash) => hash !== null))];
  const found = await tx.one<Found>(sql`
    select now() as now, (select engaged from kill_switch) as kill_switch,
      (select coalesce(jsonb_agg(recent), '[]') from (
         select cluster_id, write.target, run_id, extract(epoch from now() - at) as age_s, wrote.target as of, strategy, active
         from write, lateral (select target, strategy ->> 'name' as strategy, status in ${active} as active
                              from run where id = write.run_id offset 0) wrote
         where cluster_id = any(${clusters}) and (active or at > now() - ${Math.max(HOUR_S, ...runs.map(cooldownOf))} * interval '1 second')
       ) recent) as writes,
      (select coalesce(jsonb_object_agg(hash, objects), '{}') from (
         select hash, (select coalesce(jsonb_agg(jsonb_build_object('kind', one -> 'kind', 'namespace', one -> 'namespace', 'name', one -> 'name')), '[]')
                       from jsonb_array_elements(body -> 'objects') one) as objects
         from blob where hash = any(${bundles})) bundle) as known`);
  return new Map(runs.map((run) => [run.id, factsOf(run, found)]));
}

function factsOf(run: RunRow, { now, kill_switch, writes, known }: Found): Loaded {
  const inCluster = writes.filter(({ cluster_id }) => cluster_id === run.incident.cluster_id);
  const byOthers = inCluster.filter(({ run_id }) => run_id !== run.id);
  const times: Record<string, number> = {};
  for (const { target, age_s } of inCluster) if (age_s < HOUR_S) times[target] = (times[target] ?? 0) + 1;
  return {
    ...{ now, kill_switch, bundle_hash: run.bundle_hash, writes: times },
    busy: byOthers.filter((one) => one.active).map(({ target }) => target),
    cooling_down: byOthers.some(
      (one) => one.of === run.target && one.strategy === run.strategy?.name && one.age_s < cooldownOf(run),
    ),
    known: known[run.bundle_hash ?? ''] ?? [],
  };
}
