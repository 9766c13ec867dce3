import { createHash } from 'node:crypto';
import type { Bundle, Event } from '@aetherius/shared/contracts';
import { type Db, sql, type Tx, withTransaction } from '@aetherius/shared/postgres';
import { type Evidence, type Fact, FORECAST } from '../incidents/correlate.ts';
import { daysAround, eventTime } from './event-time.ts';

/** How much a diagnosis can draw from a bundle: log texts and events say more than bare objects, and anything that is there more than a forecast. */
const weightOf = (bundle: Bundle): number =>
  bundle.forecasts.length > 0
    ? FORECAST
    : bundle.logs.filter((log) => log.lines.length > 0).length + bundle.events.length + bundle.changes.length;

/** An event and where in a trace it was heard. */
export type HeardEvent = Event & { traceparent?: string | null };
type StoredEvent = Omit<HeardEvent, 'bundle'> & { day: string; bundle_hash: string | null; received_at: string };
type StoredBundle = { hash: string; body: Bundle };

function prepare(
  event: HeardEvent,
  received: Date,
): { row: StoredEvent; bundle: StoredBundle | null; evidence: Evidence | null } {
  const { bundle: body, ...rest } = event;
  const { day, at } = eventTime(event.timestamp, received);
  const bundle = body && { hash: createHash('sha256').update(JSON.stringify(body)).digest('hex'), body };
  const row = {
    ...rest,
    day,
    timestamp: at,
    reported_at: eventTime(event.reported_at, received).at,
    bundle_hash: bundle?.hash ?? null,
    received_at: received.toISOString(),
  };
  return { row, bundle, evidence: bundle && { hash: bundle.hash, weight: weightOf(bundle.body), at } };
}

/** Everything that is written about events. */
export type EventStore = ReturnType<typeof createEventStore>;

export const createEventStore = (db: Db) => ({
  /** Stores a batch; the facts of those events that are new to us come back, and only these may move an incident. */
  insert: async (tx: Tx, events: readonly HeardEvent[], received: Date): Promise<Fact[]> => {
    const prepared = events.map((event) => prepare(event, received));
    await insertBundles(
      tx,
      prepared.map(({ bundle }) => bundle).filter((bundle) => bundle !== null),
    );
    const byId = new Map(prepared.map((one) => [one.row.id, one]));
    // Two batches that share events lock them in one order, or they could wait for each other.
    const rows = [...byId.values()].map(({ row }) => row).sort((a, b) => (a.id < b.id ? -1 : 1));
    const fresh = await tx.many<{ id: string }>(
      sql`insert into event select * from jsonb_populate_recordset(null::event, ${sql.json(rows)}::jsonb) on conflict do nothing returning id`,
    );
    return fresh.flatMap(({ id }) => {
      const one = byId.get(id);
      return one === undefined ? [] : [{ ...one.row, evidence: one.evidence }];
    });
  },

  /**
   * Clusters that speak are known, even before their agent has registered. When one spoke last is kept to five seconds: a
   * row that every batch wrote anew would cost as much as the events themselves.
   */
  touchClusters: (tx: Tx, clusters: readonly string[], at: Date): Promise<number> =>
    tx.run(
      sql`insert into cluster (id, last_event_at)
          select given.id, ${at}::timestamptz from unnest(${[...new Set(clusters)].sort()}::text[]) as given (id)
           where not exists (select 1 from cluster as known where known.id = given.id and known.last_event_at > ${at}::timestamptz - interval '5 seconds')
          on conflict (id) do update set last_event_at = greatest(cluster.last_event_at, excluded.last_event_at)`,
    ),

  bundles: async (tx: Tx, hashes: readonly string[]): Promise<Map<string, Bundle>> => {
    const rows = await tx.many<StoredBundle>(
      sql`select hash, body from bundle where hash = any(${[...hashes]}::text[])`,
    );
    return new Map(rows.map((row) => [row.hash, row.body]));
  },

  /** Makes the partitions of the days around now; replicas take turns under one lock. */
  makeDays: (now: Date): Promise<void> =>
    withTransaction(db, async (tx) => {
      await tx.run(sql`select pg_advisory_xact_lock(hashtext('event days'))`);
      for (const day of daysAround(now)) await makeDay(tx, day);
    }),
});

/**
 * Sorted by hash: two batches that carry the same evidence must not wait for each other crosswise.
 * Evidence that comes again counts as new, or it could be removed for its age in the moment in which it is referred to again.
 */
async function insertBundles(tx: Tx, bundles: StoredBundle[]): Promise<void> {
  if (bundles.length === 0) return;
  const distinct = [...new Map(bundles.map((bundle) => [bundle.hash, bundle])).values()];
  const rows = distinct.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  await tx.run(
    sql`insert into bundle (hash, body) select hash, body from jsonb_to_recordset(${sql.json(rows)}::jsonb) as b (hash text, body jsonb)
        on conflict (hash) do update set stored_at = now() where bundle.stored_at < now() - interval '1 day'`,
  );
}

/** A day whose events already lie in the default partition stays there: moving them would lock the whole table. */
async function makeDay(tx: Tx, day: string): Promise<void> {
  const name = `event_${day.replaceAll('-', '')}`;
  const state = await tx.one<{ made: boolean; used: boolean }>(
    sql`select to_regclass(${name}) is not null as made, exists (select 1 from event_other where day = ${day}::date) as used`,
  );
  if (state.made || state.used) return;
  await tx.run(
    sql`create table ${sql.raw(name)} partition of event for values from (${sql.raw(`'${day}'`)}) to (${sql.raw(`date '${day}' + 1`)})`,
  );
}
