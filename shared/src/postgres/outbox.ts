import type { Json } from '../contracts/index.ts';
import type { Logger } from '../log/index.ts';
import { newId, startLoop } from '../service/index.ts';
import type { Db, Tx } from './pool.ts';
import { sql } from './sql.ts';
import { withTransaction } from './transaction.ts';

export type OutboxRow = {
  id: string;
  kind: 'publish' | 'request';
  subject: string;
  body: Json;
  deadline: string | null;
};
/** What came of a request: the agent's reply, or nobody there until the deadline. */
export type RequestOutcome = { status: 'replied'; reply: unknown } | { status: 'offline' };

/** What the relay needs of the bus. */
export type Sender = {
  publish(subject: string, body: unknown, options: { id: string }): Promise<unknown>;
  ask(subject: string, body: unknown, timeoutMs: number): Promise<RequestOutcome>;
};

type Message = { subject: string; body: unknown; id?: string };

/** Puts a message into the outbox of the caller's transaction: it is sent if, and only if, the state change commits. */
export async function enqueue(tx: Tx, { subject, body, id = newId() }: Message): Promise<string> {
  await tx.run(
    sql`insert into outbox (id, kind, subject, body) values (${id}, 'publish', ${subject}, ${sql.json(body)}::jsonb)`,
  );
  return id;
}

/** The same for a request whose reply is handed to `onReply`; it is asked again until `deadline`. */
export async function enqueueRequest(
  tx: Tx,
  { subject, body, id = newId(), deadline }: Message & { deadline: Date },
): Promise<string> {
  await tx.run(
    sql`insert into outbox (id, kind, subject, body, deadline) values (${id}, 'request', ${subject}, ${sql.json(body)}::jsonb, ${deadline})`,
  );
  return id;
}

type Relay = {
  db: Db;
  nats: Sender;
  service: string;
  log: Logger;
  onReply?: (tx: Tx, row: OutboxRow, outcome: RequestOutcome) => Promise<void>;
};

const BATCH = 100;
const RETRY_MS = 1_000;
const REQUEST_TIMEOUT_MS = 2_000;

/**
 * Sends what lies in the outbox, oldest first.
 * 1. Rows are locked while they are sent and deleted in the same transaction: two replicas never send one row at once.
 * 2. A crash between send and delete sends again with the same `Nats-Msg-Id`; JetStream and the consumers' inboxes drop it.
 */
export function startOutboxRelay(relay: Relay): { stop(): Promise<void>; poke(): void } {
  return startLoop({
    name: 'outbox',
    every: 250,
    log: relay.log,
    run: async () => {
      while ((await sendPublishes(relay)) === BATCH);
      await Promise.all(Array.from({ length: 4 }, () => sendRequests(relay)));
    },
  });
}

const sendPublishes = ({ db, nats, service }: Relay): Promise<number> =>
  withTransaction(db, async (tx) => {
    const rows = await tx.many<OutboxRow>(
      sql`select id, kind, subject, body, deadline from outbox where kind = 'publish' and not_before <= now() order by id limit ${BATCH} for update skip locked`,
    );
    await Promise.all(rows.map((row) => nats.publish(row.subject, row.body, { id: `${service}:${row.id}` })));
    if (rows.length > 0) await tx.run(sql`delete from outbox where id = any(${rows.map((row) => row.id)}::uuid[])`);
    return rows.length;
  });

async function sendRequests(relay: Relay): Promise<void> {
  while (await withTransaction(relay.db, (tx) => sendRequest(tx, relay)));
}

/** One request; true when there was one. Nobody there: later again until the deadline has passed. */
async function sendRequest(tx: Tx, { nats, onReply }: Relay): Promise<boolean> {
  const row = await tx.maybe<OutboxRow & { late: boolean }>(
    sql`select id, kind, subject, body, deadline, deadline < now() as late from outbox where kind = 'request' and not_before <= now() order by id limit 1 for update skip locked`,
  );
  if (row === undefined) return false;
  const outcome = await nats.ask(row.subject, row.body, REQUEST_TIMEOUT_MS);
  if (outcome.status === 'offline' && !row.late) {
    await tx.run(
      sql`update outbox set attempts = attempts + 1, not_before = now() + ${RETRY_MS} * interval '1 millisecond' where id = ${row.id}`,
    );
    return true;
  }
  await tx.run(sql`delete from outbox where id = ${row.id}`);
  await onReply?.(tx, row, outcome);
  return true;
}
