import type { Registry } from 'prom-client';
import { type DeadLetter, type Json, MAX_LETTER_BYTES } from '../contracts/index.ts';
import { isRetryable } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import { newId, startLoop } from '../service/index.ts';
import { currentTraceparent, inTrace } from '../tracing/index.ts';
import { type Departure, exposeOutbox } from './outbox-metrics.ts';
import type { Db, Tx } from './pool.ts';
import { sql } from './sql.ts';
import { withTransaction } from './transaction.ts';

export type OutboxRow = {
  id: string;
  kind: 'publish' | 'request';
  subject: string;
  body: Json;
  deadline: string | null;
  traceparent: string | null;
};
/** What came of a request: the agent's reply, or nobody there until the deadline. */
export type RequestOutcome = { status: 'replied'; reply: unknown } | { status: 'offline' };

/** What the relay needs of the bus. */
export type Sender = {
  publish(subject: string, body: unknown, options: { id: string }): Promise<unknown>;
  ask(subject: string, body: unknown, timeoutMs: number): Promise<RequestOutcome>;
};

type Message = {
  subject: string;
  body: unknown;
  id?: string;
  /** Where in a trace the message belongs; by default where it is written. */
  traceparent?: string | null;
};

/** A request has a deadline: it is asked again until then, and its reply is handed to `onReply`. */
export type Outgoing = Message & { deadline?: Date };

/** Puts messages into the outbox of the caller's transaction: they are sent if, and only if, the state change commits. */
export async function enqueueAll(tx: Tx, messages: readonly Outgoing[]): Promise<string[]> {
  if (messages.length === 0) return [];
  const rows = messages.map(
    ({ subject, body, id = newId(), traceparent = currentTraceparent() ?? null, deadline }) => ({
      ...{ id, kind: deadline === undefined ? 'publish' : 'request', subject, body, traceparent },
      deadline: deadline?.toISOString() ?? null,
    }),
  );
  await tx.run(sql`
    insert into outbox (id, kind, subject, body, deadline, traceparent)
    select id, kind, subject, body, deadline, traceparent from json_populate_recordset(null::outbox, ${sql.json(rows)}::json)`);
  return rows.map(({ id }) => id);
}

/** The same for one message. */
export async function enqueue(tx: Tx, message: Message): Promise<string> {
  const [id = ''] = await enqueueAll(tx, [message]);
  return id;
}

/** The same for one request. */
export const enqueueRequest = (tx: Tx, request: Message & { deadline: Date }): Promise<string> => enqueue(tx, request);

type Options = {
  db: Db;
  nats: Sender;
  service: string;
  log: Logger;
  metrics?: Registry;
  /** Without it only messages are sent. */
  onReply?: (tx: Tx, row: OutboxRow, outcome: RequestOutcome) => Promise<void>;
};
type Relay = Options & { count: (departure: Departure) => void };

const BATCH = 100;
/** Requests that one transaction takes and asks side by side: so many are asked again, under the same ids, when it dies. */
const ASKED_TOGETHER = 50;
const ASKERS = 4;
const RETRY_MS = 1_000;
const REQUEST_TIMEOUT_MS = 2_000;
/** After so many tries a message that can never be sent goes to the dead letters. */
const MAX_ATTEMPTS = 5;

/**
 * Sends what lies in the outbox, what is due longest first.
 * 1. Rows are locked while they are sent and deleted in the same transaction: two replicas never send one row at once.
 * 2. A crash between send and delete sends again with the same `Nats-Msg-Id`; JetStream and the consumers' inboxes drop it.
 * 3. A row that fails is put off on its own, behind what is due by then: it neither blocks nor rolls back another.
 */
export function startOutboxRelay(options: Options): { stop(): Promise<void>; poke(): void } {
  const { metrics, db } = options;
  const relay: Relay = { ...options, count: metrics === undefined ? () => undefined : exposeOutbox(metrics, db) };
  const stopping = new AbortController();
  const loop = (name: string, run: (signal: AbortSignal) => Promise<void>) =>
    startLoop({ name, every: 250, log: relay.log, run: () => run(stopping.signal) });
  const messages = loop('outbox messages', async (signal) => {
    if ((await countDue(db, 'publish', 1)) === 0) return;
    while ((await sendPublishes(relay)) === BATCH && !signal.aborted);
  });
  // Two loops, because an agent that does not answer must not keep messages from leaving; who hears no replies asks nothing.
  const loops =
    options.onReply === undefined
      ? [messages]
      : [messages, loop('outbox requests', (signal) => sendRequests(relay, signal))];
  return {
    poke: () => {
      for (const { poke } of loops) poke();
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(loops.map(({ stop }) => stop()));
    },
  };
}

type Due = OutboxRow & { attempts: number; late: boolean };

/** How many are due, as far as that matters: mostly there are none, and one look costs less than a transaction. */
const countDue = async (db: Db, kind: OutboxRow['kind'], most: number): Promise<number> =>
  (
    await db.often.one<{ due: number }>(sql`
      select count(*) as due from (select from outbox where kind = ${kind} and not_before <= now() limit ${most}) as rows`)
  ).due;

const takeDue = (tx: Tx, kind: OutboxRow['kind'], limit: number): Promise<Due[]> =>
  tx.many<Due>(sql`
    select id, kind, subject, body, deadline, traceparent, attempts, coalesce(deadline < now(), false) as late from outbox
     where kind = ${kind} and not_before <= now() order by not_before, id limit ${limit} for update skip locked`);

const remove = (tx: Tx, ids: string[]): Promise<number> =>
  tx.run(sql`delete from outbox where id = any(${ids}::uuid[])`);

/** Counted from the clock and not from the transaction's begin, which lies before the time that the attempt took. */
const putOff = (tx: Tx, ids: string[]): Promise<number> =>
  tx.run(sql`
    update outbox set attempts = attempts + 1, not_before = clock_timestamp() + ${RETRY_MS} * interval '1 millisecond'
     where id = any(${ids}::uuid[])`);

const sendPublishes = (relay: Relay): Promise<number> =>
  withTransaction(relay.db, async (tx) => {
    const rows = await takeDue(tx, 'publish', BATCH);
    const left = await Promise.all(rows.map(async (row) => ({ id: row.id, gone: await leaves(relay, row) })));
    const [gone, kept] = [left.filter((row) => row.gone), left.filter((row) => !row.gone)];
    if (gone.length > 0)
      await remove(
        tx,
        gone.map(({ id }) => id),
      );
    if (kept.length > 0)
      await putOff(
        tx,
        kept.map(({ id }) => id),
      );
    return rows.length;
  });

/** Whether a message left, be it to the dead letters; while the bus is away it is kept for as long as that takes. */
async function leaves(relay: Relay, row: Due): Promise<boolean> {
  const { nats, service, log } = relay;
  try {
    await inTrace(row.traceparent, () => nats.publish(row.subject, row.body, { id: `${service}:${row.id}` }));
    relay.count('sent');
    return true;
  } catch (err) {
    log.error({ err, id: row.id, subject: row.subject, attempts: row.attempts + 1 }, 'a message could not be sent');
    if (row.attempts + 1 >= MAX_ATTEMPTS && !isRetryable(err) && (await bury(relay, row, err))) return true;
    relay.count('put_off');
    return false;
  }
}

async function bury({ nats, service, log, count }: Relay, row: Due, error: unknown): Promise<boolean> {
  const letter: DeadLetter = {
    subject: row.subject,
    message_id: `${service}:${row.id}`,
    problem: (error instanceof Error ? error.message : String(error)).slice(0, 2000),
    deliveries: row.attempts + 1,
    data: Buffer.from(JSON.stringify(row.body)).subarray(0, MAX_LETTER_BYTES).toString('base64'),
    at: new Date().toISOString(),
  };
  try {
    await nats.publish(`dead.${service}`, letter, { id: `dead:${service}:${row.id}` });
    log.error({ id: row.id, subject: row.subject, problem: letter.problem }, 'a message went to the dead letters');
    count('dead');
    return true;
  } catch (err) {
    log.error({ err, id: row.id, subject: row.subject }, 'a message could not even go to the dead letters');
    return false;
  }
}

/** As many askers as there is work for; ends when each has ended, so that the next round never runs beside a part of this one. */
async function sendRequests(relay: Relay, signal: AbortSignal): Promise<void> {
  const due = await countDue(relay.db, 'request', ASKERS * ASKED_TOGETHER);
  const askers = await Promise.allSettled(
    Array.from({ length: Math.ceil(due / ASKED_TOGETHER) }, async () => {
      while ((await withTransaction(relay.db, (tx) => askTogether(tx, relay))) === ASKED_TOGETHER && !signal.aborted);
    }),
  );
  for (const asker of askers)
    if (asker.status === 'rejected') relay.log.error({ err: asker.reason }, 'taking requests out of the outbox failed');
}

/** Asks for some requests side by side and says how many there were. Nobody there: later again until the deadline has passed. */
async function askTogether(tx: Tx, relay: Relay): Promise<number> {
  const rows = await takeDue(tx, 'request', ASKED_TOGETHER);
  const asked = await Promise.all(
    rows.map(async (row) => ({ row, outcome: row.late ? offline : await askFor(relay, row) })),
  );
  const [gone, kept]: [string[], string[]] = [[], []];
  // In one order everywhere: taking outcomes locks what was asked for, and two askers must not wait for each other crosswise.
  for (const one of asked.toSorted((a, b) => (wanted(a) < wanted(b) ? -1 : 1)))
    ((await leavesRequest(tx, relay, one)) ? gone : kept).push(one.row.id);
  if (gone.length > 0) await remove(tx, gone);
  if (kept.length > 0) await putOff(tx, kept);
  return rows.length;
}

type Asked = { row: Due; outcome: RequestOutcome };
/** What a request asks for: the id of its command, which begins with that of its run. */
const wanted = ({ row }: Asked): string => String((row.body as { id?: unknown } | null)?.id ?? row.id);

/** Whether a request is done with; one that nobody answered is not, before its deadline. */
async function leavesRequest(tx: Tx, relay: Relay, { row, outcome }: Asked): Promise<boolean> {
  const again = outcome.status === 'offline' && !row.late;
  if (!again && !(await settle(tx, relay, { row, outcome }))) return false;
  relay.count(again ? 'put_off' : outcome.status);
  return !again;
}

const offline: RequestOutcome = { status: 'offline' };

/** What cannot be asked is as good as not answered: tried again until the deadline. */
async function askFor({ nats, log }: Relay, row: Due): Promise<RequestOutcome> {
  try {
    return await inTrace(row.traceparent, () => nats.ask(row.subject, row.body, REQUEST_TIMEOUT_MS));
  } catch (err) {
    log.error({ err, id: row.id, subject: row.subject }, 'a request could not be sent');
    return offline;
  }
}

/** False when an outcome cannot be taken, say a reply that cannot be stored: that leaves the request for later, and the others alone. */
async function settle(tx: Tx, { onReply, log }: Relay, { row, outcome }: Asked): Promise<boolean> {
  const apart = fromSavepoint(tx);
  try {
    await inTrace(row.traceparent, () => onReply?.(apart.tx, row, outcome));
    return true;
  } catch (err) {
    log.error({ err, id: row.id, subject: row.subject }, 'the outcome of a request could not be taken');
    await apart.rollBack();
    return false;
  }
}

/** The same transaction from a savepoint on, which is set when something is asked: most outcomes ask nothing, and each statement is a way there and back. */
function fromSavepoint(tx: Tx): { tx: Tx; rollBack: () => Promise<unknown> } {
  let set: Promise<unknown> | undefined;
  const asked = (): Promise<unknown> => (set ??= tx.run(sql`savepoint outcome`));
  return {
    tx: {
      many: (query) => asked().then(() => tx.many(query)),
      one: (query) => asked().then(() => tx.one(query)),
      maybe: (query) => asked().then(() => tx.maybe(query)),
      run: (query) => asked().then(() => tx.run(query)),
    },
    rollBack: async () => set && tx.run(sql`rollback to savepoint outcome`),
  };
}
