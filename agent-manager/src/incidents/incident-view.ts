import { Bundle, Event, Incident, maybe, RunProgress, Timestamp } from '@aetherius/shared/contracts';
import type { Place } from '@aetherius/shared/http';
import { type Db, type Query, sql } from '@aetherius/shared/postgres';
import { z } from 'zod';

/** An incident as people see it: the contract's, and where it was merged into. */
export const ShownIncident = Incident.extend({
  merged_into: maybe(z.string()).meta({ description: 'Id of the incident of the node that this one is a part of' }),
  run_id: maybe(z.string()),
  updated_at: Timestamp,
});
export type ShownIncident = z.infer<typeof ShownIncident>;

const Moment = z.object({
  at: Timestamp,
  kind: z.enum(['event', 'gap', 'progress']),
  event: maybe(Event.omit({ bundle: true })),
  progress: maybe(RunProgress),
});
type Moment = z.infer<typeof Moment>;

/** Everything about one incident on one page. */
export const IncidentDetail = ShownIncident.extend({
  timeline: z.array(Moment),
  evidence: maybe(Bundle),
  runs: z.array(RunProgress).meta({ description: 'Where each run of this episode stands' }),
  episodes: z.array(
    z.object({ episode: z.int(), opened_at: Timestamp, closed_at: maybe(Timestamp), outcome: maybe(z.string()) }),
  ),
  merged: z
    .array(z.object({ id: z.string(), fingerprint: z.string() }))
    .meta({ description: 'Incidents that are part of this one' }),
});
export type IncidentDetail = z.infer<typeof IncidentDetail>;

export type IncidentFilter = {
  state?: string | undefined;
  severity?: string | undefined;
  cluster_id?: string | undefined;
  namespace?: string | undefined;
  category?: string | undefined;
  q?: string | undefined;
};

const columns = sql`i.id, i.cluster_id, i.fingerprint, i.severity, i.category, i.state, i.reasons, i.subject, i.diagnosis, i.action, i.outcome,
  i.opened_at, coalesce(greatest(i.last_seen_at, i.foreseen_at), i.opened_at) as last_seen_at, i.closed_at, i.episode, i.hits, i.events, i.merged_into, i.run_id, i.updated_at`;
const progressColumns = sql`incident_id, episode, run_id, revision, phase, diagnosis, action, outcome, note, at`;
/** Only the last episode of a thing is listed; the page of an incident has the earlier ones. */
const shown = sql`i.opened_at is not null and not exists (
  select 1 from incident as later where later.id = i.id and later.episode > i.episode and later.opened_at is not null)`;
const TIMELINE = 200;

const pattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

function conditions(filter: IncidentFilter, after: Place | undefined): Query[] {
  const all = [shown];
  if (filter.state !== undefined) all.push(sql`i.state = ${filter.state}`);
  if (filter.severity !== undefined) all.push(sql`i.severity = ${filter.severity}`);
  if (filter.cluster_id !== undefined) all.push(sql`i.cluster_id = ${filter.cluster_id}`);
  if (filter.namespace !== undefined) all.push(sql`i.subject->>'namespace' = ${filter.namespace}`);
  if (filter.category !== undefined) all.push(sql`i.category = ${filter.category}`);
  if (filter.q !== undefined)
    all.push(
      sql`(i.fingerprint ilike ${pattern(filter.q)} or array_to_string(i.reasons, ' ') ilike ${pattern(filter.q)})`,
    );
  if (after !== undefined) all.push(sql`(i.opened_at, i.id) < (${after.at}::timestamptz, ${after.id})`);
  return all;
}

/** Reads incidents for people. */
export type IncidentView = ReturnType<typeof createIncidentView>;

export function createIncidentView(db: Db) {
  return {
    /** How many incidents are open now, by severity. */
    open: (): Promise<{ severity: string; count: number }[]> =>
      db.many(
        sql`select severity, count(*) from incident where closed_at is null and opened_at is not null and merged_into is null group by severity`,
      ),

    list: (
      filter: IncidentFilter,
      { limit, after }: { limit: number; after: Place | undefined },
    ): Promise<ShownIncident[]> =>
      db.many<ShownIncident>(
        sql`select ${columns} from incident as i where ${sql.join(conditions(filter, after), ' and ')} order by i.opened_at desc, i.id desc limit ${limit}`,
      ),

    /** What moved since, oldest change first. */
    movedSince: (at: Date): Promise<ShownIncident[]> =>
      db.many<ShownIncident>(
        sql`select ${columns} from incident as i where i.opened_at is not null and i.updated_at >= ${at} order by i.updated_at limit 1000`,
      ),

    detail: async (id: string, episode?: number): Promise<IncidentDetail | undefined> => {
      const incident = await db.maybe<ShownIncident & { bundle_hash: string | null }>(
        sql`select ${columns}, i.evidence->>'hash' as bundle_hash from incident as i where i.id = ${id} and ${episode === undefined ? shown : sql`i.opened_at is not null and i.episode = ${episode}`}`,
      );
      if (incident === undefined) return undefined;
      const { bundle_hash, ...rest } = incident;
      const evidence = await db.maybe<{ body: Bundle }>(sql`select body from bundle where hash = ${bundle_hash}`);
      const runs = await db.many<RunProgress>(sql`
        select distinct on (run_id) ${progressColumns} from progress where incident_id = ${id} and episode = ${rest.episode} order by run_id, revision desc`);
      const episodes = await db.many<IncidentDetail['episodes'][number]>(
        sql`select episode, opened_at, closed_at, outcome from incident where id = ${id} and opened_at is not null order by episode`,
      );
      const merged = await db.many<IncidentDetail['merged'][number]>(
        sql`select id, fingerprint from incident where merged_into = ${id} order by fingerprint`,
      );
      return {
        ...rest,
        timeline: await timelineOf(db, rest),
        evidence: evidence?.body ?? null,
        runs,
        episodes,
        merged,
      };
    },
  };
}

/** What was noticed and done during one episode, oldest first. */
async function timelineOf(db: Db, incident: ShownIncident): Promise<Moment[]> {
  const until = incident.closed_at ?? '9999-01-01T00:00:00Z';
  const events = await db.many<Event>(sql`
    select id, cluster_id, agent_id, type, signal, source, namespace, severity, reason, message, object, owner, node, count, fingerprint,
           timestamp, reported_at, labels
      from event
     where (fingerprint = ${incident.fingerprint} or (type = 'gap' and cluster_id = ${incident.cluster_id}))
       and timestamp >= ${incident.opened_at}::timestamptz - interval '10 minutes' and timestamp <= ${until}::timestamptz
     order by timestamp desc, id desc limit ${TIMELINE}`);
  const steps = await db.many<RunProgress>(
    sql`select ${progressColumns} from progress where incident_id = ${incident.id} and episode = ${incident.episode} order by at, revision`,
  );
  const moments: Moment[] = [
    ...events.map((event) => ({
      at: event.timestamp,
      kind: event.type === 'gap' ? ('gap' as const) : ('event' as const),
      event,
      progress: null,
    })),
    ...steps.map((progress) => ({ at: progress.at, kind: 'progress' as const, event: null, progress })),
  ];
  return moments.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
