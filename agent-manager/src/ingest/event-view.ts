import type { Event } from '@aetherius/shared/contracts';
import type { Place } from '@aetherius/shared/http';
import { type Db, type Query, sql } from '@aetherius/shared/postgres';

/** What a list of events can be narrowed to; several values of one field mean any of them. */
export type EventFilter = {
  cluster_id?: string[] | undefined;
  namespace?: string[] | undefined;
  severity?: string[] | undefined;
  reason?: string[] | undefined;
  kind?: string[] | undefined;
  name?: string[] | undefined;
  type?: string[] | undefined;
  since?: string | undefined;
  until?: string | undefined;
};

const columns = sql`e.id, e.cluster_id, e.agent_id, e.type, e.signal, e.source, e.namespace, e.severity, e.reason, e.message, e.object,
  e.owner, e.node, e.count, e.fingerprint, e.timestamp, e.reported_at, e.labels`;
const places = {
  cluster_id: 'e.cluster_id',
  namespace: 'e.namespace',
  severity: 'e.severity',
  reason: 'e.reason',
  kind: `e.object->>'kind'`,
  name: `e.object->>'name'`,
  type: 'e.type',
} as const;

/** One value is compared as one: only then an index hands the rows out in their order. */
const among = (column: string, values: readonly string[]): Query =>
  values.length === 1 ? sql`${sql.raw(column)} = ${values[0]}` : sql`${sql.raw(column)} = any(${[...values]}::text[])`;

function conditions(filter: EventFilter, after: Place | undefined): Query[] {
  const named = Object.entries(places).flatMap(([field, column]) => {
    const values = filter[field as keyof typeof places];
    return values === undefined ? [] : [among(column, values)];
  });
  if (filter.since !== undefined) named.push(sql`e.timestamp >= ${filter.since}::timestamptz`);
  if (filter.until !== undefined) named.push(sql`e.timestamp < ${filter.until}::timestamptz`);
  if (after !== undefined) named.push(sql`(e.timestamp, e.id) < (${after.at}::timestamptz, ${after.id})`);
  return named;
}

/** Reads events: the rows are the contract's events. */
export type EventView = ReturnType<typeof createEventView>;

export const createEventView = (db: Db) => ({
  /** Newest first, without the evidence: a page of bundles would weigh megabytes. */
  list: (filter: EventFilter, { limit, after }: { limit: number; after: Place | undefined }): Promise<Event[]> =>
    db.many<Event>(sql`
      select ${columns}, null as bundle from event as e where ${sql.join(conditions(filter, after), ' and ')}
       order by e.timestamp desc, e.id desc limit ${limit}`),

  one: (id: string): Promise<Event | undefined> =>
    db.maybe<Event>(
      sql`select ${columns}, bundle.body as bundle from event as e left join bundle on bundle.hash = e.bundle_hash where e.id = ${id}`,
    ),
});
