import { randomUUID } from 'node:crypto';
import type { Event } from '@aetherius/shared/contracts';
import type { Nats } from '@aetherius/shared/nats';
import { type Db, sql, withTransaction } from '@aetherius/shared/postgres';

const SECONDS = 3;
const STREAM = 'BENCH';
const IN_FLIGHT = 256;
const BATCH = 500;

/** What the bus and the store do by themselves, on this machine and in this minute: what the fleet can at most reach. */
export async function rawCosts({ bus, db, events }: { bus: Nats; db: Db; events: readonly Event[] }) {
  return {
    raw_publish_per_s: await rawPublish(bus, events),
    raw_insert_per_s: await rawInsert(db, events),
  };
}

/** Messages a second that one connection has acknowledged by a stream like that of the events. */
async function rawPublish({ js, manager }: Nats, events: readonly Event[]): Promise<number> {
  const { streams } = await manager();
  const like = (await streams.info('AGENT_EVENTS')).config;
  await streams.add({
    name: STREAM,
    subjects: ['bench.raw'],
    storage: like.storage,
    duplicate_window: like.duplicate_window,
  });
  const texts = events.map((event) => JSON.stringify(event));
  const end = performance.now() + SECONDS * 1000;
  let published = 0;
  const publisher = async () => {
    while (performance.now() < end) {
      await js.publish('bench.raw', texts[published % texts.length] ?? '', { msgID: randomUUID() });
      published += 1;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, publisher));
  await streams.delete(STREAM);
  return Math.round(published / SECONDS);
}

/** Rows a second into a table like that of the events, with its indices, in transactions of as many rows as the manager's. */
async function rawInsert(db: Db, events: readonly Event[]): Promise<number> {
  await db.run(sql`create table bench_event (like event including all)`);
  const day = new Date().toISOString().slice(0, 10);
  const end = performance.now() + SECONDS * 1000;
  let inserted = 0;
  while (performance.now() < end) {
    const rows = Array.from({ length: BATCH }, (_, index) => ({
      ...events[(inserted + index) % events.length],
      bundle: undefined,
      id: randomUUID(),
      day,
      received_at: new Date().toISOString(),
    }));
    await withTransaction(db, (tx) =>
      tx.run(
        sql`insert into bench_event select * from jsonb_populate_recordset(null::bench_event, ${sql.json(rows)}::jsonb)`,
      ),
    );
    inserted += BATCH;
  }
  await db.run(sql`drop table bench_event`);
  return Math.round(inserted / SECONDS);
}
