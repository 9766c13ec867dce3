import type { InternalEvent, RunProgress } from '@aetherius/shared/contracts';
import { enqueueAll, sql, type Tx } from '@aetherius/shared/postgres';
import type { IncidentRow } from './correlate.ts';

/** How far back a late event can still find the episode it belongs to. */
const EPISODES = 5;

/** Without what a run has found out: it is long, and nothing here is decided by it. */
const columns = sql`id, episode, cluster_id, fingerprint, subject, opened_at, last_seen_at, last_clear_at, foreseen_at, averted_at, closed_at, severity, reasons, causes,
  nodes, hits, events, evidence, state, category, null as diagnosis, action, outcome, run_id, merged_into, clear_told, traceparent, updated_at`;

/** All statements that change incidents. */
export const incidentStore = {
  /** Serializes everything about these fingerprints until the transaction ends; sorted, so that nobody waits crosswise. */
  lock: async (tx: Tx, fingerprints: Iterable<string>): Promise<void> => {
    const sorted = [...new Set(fingerprints)].sort();
    await tx.run(
      sql`select pg_advisory_xact_lock(hashtextextended(fingerprint, 0)) from unnest(${sorted}::text[]) as fingerprint`,
    );
  },

  /** The last episodes of each fingerprint. */
  load: (tx: Tx, fingerprints: Iterable<string>): Promise<IncidentRow[]> =>
    tx.many<IncidentRow>(
      sql`select i.* from unnest(${[...new Set(fingerprints)]}::text[]) as f (fingerprint)
          cross join lateral (select ${columns} from incident where incident.fingerprint = f.fingerprint order by episode desc limit ${EPISODES}) as i`,
    ),

  /** Writes rows as they are now; one statement, each row once. A row without a diagnosis keeps the one that is stored. */
  save: async (tx: Tx, rows: readonly IncidentRow[], at: Date): Promise<void> => {
    if (rows.length === 0) return;
    const stamped = rows.map((row) => ({ ...row, updated_at: at.toISOString() }));
    await tx.run(sql`
      insert into incident select * from jsonb_populate_recordset(null::incident, ${sql.json(stamped)}::jsonb)
      on conflict (id, episode) do update set
        opened_at = excluded.opened_at, last_seen_at = excluded.last_seen_at, last_clear_at = excluded.last_clear_at,
        foreseen_at = excluded.foreseen_at, averted_at = excluded.averted_at,
        closed_at = excluded.closed_at, severity = excluded.severity, reasons = excluded.reasons, causes = excluded.causes,
        nodes = excluded.nodes, hits = excluded.hits, events = excluded.events, evidence = excluded.evidence,
        state = excluded.state, category = excluded.category, diagnosis = coalesce(excluded.diagnosis, incident.diagnosis), action = excluded.action,
        outcome = excluded.outcome, run_id = excluded.run_id, merged_into = excluded.merged_into,
        clear_told = excluded.clear_told, traceparent = excluded.traceparent, updated_at = excluded.updated_at`);
  },

  /** Told in the trace of each incident, whatever made the change. */
  announce: async (
    tx: Tx,
    news: readonly { row: IncidentRow; subject: string; body: InternalEvent }[],
  ): Promise<void> => {
    await enqueueAll(
      tx,
      news.map(({ row, ...message }) => ({ ...message, traceparent: row.traceparent })),
    );
  },

  /**
   * Fingerprints of incidents whose clear has held since `before` and of those that may belong to a node's incident: by lot when
   * there are too many for one round, so that none waits for ever behind others.
   */
  unsettled: async (tx: Tx, before: Date): Promise<string[]> => {
    const rows = await tx.many<{ fingerprint: string }>(sql`
      with live as materialized (
        select * from incident where closed_at is null and opened_at is not null),
      lone as (select fingerprint, merged_into, cluster_id || '/_/Node/' || nodes[1] as host from live where cardinality(nodes) = 1)
      select fingerprint from (
        select fingerprint from live
         where merged_into is null and not clear_told and state not in ('repairing', 'verifying')
           and (last_seen_at is null or last_clear_at > last_seen_at) and (foreseen_at is null or averted_at > foreseen_at)
           and updated_at <= ${before}
        union
        select fingerprint from lone where merged_into is not null or host in (select fingerprint from live)) as found
       order by random() limit 500`);
    return rows.map((row) => row.fingerprint);
  },

  /** Fingerprints of some incidents that are open in clusters that were shut out. */
  ofRevoked: async (tx: Tx, most: number): Promise<string[]> =>
    (
      await tx.many<{ fingerprint: string }>(sql`
        select fingerprint from incident where closed_at is null and opened_at is not null
           and cluster_id in (select id from cluster where revoked_at is not null) limit ${most}`)
    ).map(({ fingerprint }) => fingerprint),

  /** Forgets what never became an incident and has been quiet since `before`. */
  forgetFaint: (tx: Tx, before: Date): Promise<number> =>
    tx.run(sql`delete from incident where opened_at is null and closed_at is null and updated_at < ${before}`),

  fingerprintsOf: async (tx: Tx, ids: readonly string[]): Promise<string[]> =>
    (
      await tx.many<{ fingerprint: string }>(
        sql`select distinct fingerprint from incident where id = any(${[...new Set(ids)]}::text[])`,
      )
    ).map(({ fingerprint }) => fingerprint),

  /** The rows of the episodes that these speak of, however long ago they were. */
  episodes: (tx: Tx, of: readonly Pick<RunProgress, 'incident_id' | 'episode'>[]): Promise<IncidentRow[]> =>
    tx.many<IncidentRow>(
      sql`select ${columns} from incident where (id, episode) in (
            select * from unnest(${of.map((one) => one.incident_id)}::text[], ${of.map((one) => one.episode)}::int[]))`,
    ),

  /** The steps of runs that are news: no step of that run with this revision or a higher one is known, or comes before. */
  recordProgress: async (tx: Tx, steps: readonly RunProgress[]): Promise<RunProgress[]> => {
    const rising = risingOf(steps);
    const rows = await tx.many<{ key: string }>(sql`
      insert into progress (incident_id, episode, run_id, revision, phase, diagnosis, action, outcome, note, at)
      select incident_id, episode, run_id, revision, phase, diagnosis, action, outcome, note, at
        from jsonb_populate_recordset(null::progress, ${sql.json(rising)}::jsonb) as given
       where not exists (select 1 from progress as known where known.incident_id = given.incident_id
                            and known.episode = given.episode and known.run_id = given.run_id and known.revision >= given.revision)
      on conflict do nothing returning incident_id || '#' || episode || '#' || run_id || '#' || revision as key`);
    const news = new Set(rows.map(({ key }) => key));
    return rising.filter((step) => news.has(`${runOf(step)}#${step.revision}`));
  },
};

const runOf = ({ incident_id, episode, run_id }: RunProgress): string => `${incident_id}#${episode}#${run_id}`;

function risingOf(steps: readonly RunProgress[]): RunProgress[] {
  const last = new Map<string, number>();
  return steps.filter((step) => {
    const rises = step.revision > (last.get(runOf(step)) ?? Number.NEGATIVE_INFINITY);
    if (rises) last.set(runOf(step), step.revision);
    return rises;
  });
}
