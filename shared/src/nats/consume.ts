import {
  AckPolicy,
  type Consumer,
  type ConsumerConfig,
  DeliverPolicy,
  JetStreamApiError,
  type JsMsg,
} from '@nats-io/jetstream';
import { z } from 'zod';
import { type Channel, type DeadLetter, MAX_LETTER_BYTES } from '../contracts/index.ts';
import { isRetryable } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import { sleep } from '../service/index.ts';
import { inTrace, openSpan } from '../tracing/index.ts';
import type { Nats } from './connection.ts';
import { whileElecting } from './while-electing.ts';

export type Message<T> = {
  body: T;
  subject: string;
  id: string;
  deliveries: number;
  /** Where in a trace this message is handled, if it belongs to one. */
  traceparent?: string | undefined;
};

type Source<S extends z.ZodType> = {
  nats: Nats;
  service: string;
  /** What this consumer is for; the durable is called `<service>-<purpose>`. */
  purpose: string;
  stream: string;
  channel: Channel<S>;
  log: Logger;
};
type One<S extends z.ZodType> = Source<S> & {
  handle: (message: Message<z.infer<S>>) => Promise<void>;
  concurrency?: number;
};
type Many<S extends z.ZodType> = Source<S> & {
  handle: (messages: Message<z.infer<S>>[]) => Promise<void>;
  size?: number;
  /** Where nobody waits for what is handled, a second is spent on letting more come together. */
  gathers?: boolean;
};

const MAX_DELIVERIES = 5;
/** What a process held that died is handed to another one after this. */
const ACK_WAIT_MS = 3_000;
const CONSUMER_EXISTS = 10148;
const backoffMs = (deliveries: number) => Math.min(1_000 * 2 ** (deliveries - 1), 30_000);

/** Handles one message after another (or `concurrency` at once); acknowledged once `handle` is through. */
export async function consume<S extends z.ZodType>({
  handle,
  concurrency = 1,
  ...source
}: One<S>): Promise<{ stop(): Promise<void> }> {
  return pull({
    source,
    size: concurrency,
    gathers: false,
    handle: async (batch) => {
      await Promise.all(
        batch.map((message) =>
          attempt({
            source,
            messages: [message],
            run: ([only]) => (only === undefined ? Promise.resolve() : handle(only)),
          }),
        ),
      );
    },
  });
}

/** Hands over up to `size` messages at once, so that one transaction can take them all; acknowledged together. */
export async function consumeBatch<S extends z.ZodType>({
  handle,
  size = 500,
  gathers = false,
  ...source
}: Many<S>): Promise<{ stop(): Promise<void> }> {
  return pull({ source, size, gathers, handle: (batch) => attempt({ source, messages: batch, run: handle }) });
}

type Taken<T> = { raw: JsMsg; message: Message<T> };
type Pull<S extends z.ZodType> = {
  source: Source<S>;
  size: number;
  gathers: boolean;
  handle: (batch: Taken<z.infer<S>>[]) => Promise<void>;
};

async function pull<S extends z.ZodType>({
  source,
  size,
  gathers,
  handle,
}: Pull<S>): Promise<{ stop(): Promise<void> }> {
  const abort = new AbortController();
  const consumer = await durable(source, size);
  for (const outcome of ['handled', 'failed', 'dead'] as const) count(source, outcome, 0);
  const running = (async () => {
    while (!abort.signal.aborted) {
      try {
        const batch = await fetchBatch(consumer, size, gathers);
        watchBacklog(source, batch);
        const good = (await Promise.all(batch.map((raw) => take(source, raw)))).filter((taken) => taken !== undefined);
        const end = source.nats.figures.handling.startTimer({ consumer: source.purpose });
        if (good.length > 0) {
          await keeping(good, () => handle(good));
          end();
        }
      } catch (err) {
        if (abort.signal.aborted) return;
        source.log.warn({ err, consumer: source.purpose }, 'fetching from the stream failed, trying again');
        await sleep(1_000, abort.signal);
      }
    }
  })();
  return {
    stop: async () => {
      abort.abort();
      await running;
    },
  };
}

/** Says while messages are handled that they are, or the bus would hand them to somebody else as well. */
async function keeping<T>(batch: readonly Taken<T>[], work: () => Promise<void>): Promise<void> {
  const saying = setInterval(() => {
    for (const { raw } of batch) raw.working();
  }, ACK_WAIT_MS / 3);
  await work().finally(() => clearInterval(saying));
}

/** Makes the consumer or finds it; a service may start while the servers choose who leads its stream. */
const durable = <S extends z.ZodType>(source: Source<S>, size: number): Promise<Consumer> =>
  whileElecting(`stream ${source.stream}`, () => consumerOf(source, size));

async function consumerOf<S extends z.ZodType>(
  { nats, service, purpose, stream, channel }: Source<S>,
  size: number,
): Promise<Consumer> {
  const manager = await nats.manager();
  const name = `${service}-${purpose}`;
  const pace = { ack_wait: ACK_WAIT_MS * 1e6, max_ack_pending: Math.max(size * 2, 100) };
  const config: Partial<ConsumerConfig> = {
    durable_name: name,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    filter_subject: channel.pattern,
    max_deliver: -1,
    ...pace,
  };
  await manager.consumers.add(stream, config).catch(async (error: unknown) => {
    // Another version made it, with another pace.
    if (!(error instanceof JetStreamApiError && error.code === CONSUMER_EXISTS)) throw error;
    await manager.consumers.update(stream, name, pace);
  });
  return nats.js.consumers.get(stream, name);
}

async function fetchBatch(consumer: Consumer, size: number, gathers: boolean): Promise<JsMsg[]> {
  // The first message is waited for, the rest is what lies there: unless it may, a lone message is not held back for more.
  const first = await consumer.next({ expires: 1_000 });
  if (first === null) return [];
  if (size === 1) return [first];
  const batch = [first];
  const waiting = gathers ? size - 1 : Math.min(first.info.pending, size - 1);
  if (waiting > 0) await fetchInto(batch, consumer, waiting);
  return batch;
}

/** On a starved machine a fetch may be given up for silence: what it had brought by then is handled all the same, and not left to its redelivery. */
async function fetchInto(batch: JsMsg[], consumer: Consumer, most: number): Promise<void> {
  try {
    for await (const message of await consumer.fetch({ max_messages: most, expires: 1_000 })) batch.push(message);
  } catch {
    // A bus that is really away is told by the next fetch, which has nothing to hand over.
  }
}

/** What still lies on the stream, and how long these lay there; nothing fetched means that nothing is there. */
function watchBacklog<S extends z.ZodType>({ nats: { figures }, purpose }: Source<S>, batch: readonly JsMsg[]): void {
  const consumer = purpose;
  figures.pending.set({ consumer }, batch.at(-1)?.info.pending ?? 0);
  figures.redelivered.inc({ consumer }, batch.filter(({ redelivered }) => redelivered).length);
  for (const { info } of batch)
    figures.waited.observe({ consumer }, Math.max(0, Date.now() - info.timestampNanos / 1e6) / 1000);
}

/** Under which id a message was sent first: one that is sent again has another for the bus, and is the same for its readers. */
export const ORIGINAL_ID = 'Aetherius-Message-Id';

const idOf = (raw: JsMsg): string =>
  raw.headers?.get(ORIGINAL_ID) || raw.headers?.get('Nats-Msg-Id') || `${raw.info.stream}:${raw.seq}`;

async function take<S extends z.ZodType>(source: Source<S>, raw: JsMsg): Promise<Taken<z.infer<S>> | undefined> {
  let data: unknown;
  try {
    data = JSON.parse(raw.string());
  } catch {
    await bury(source, raw, 'the body is not JSON');
    return undefined;
  }
  const parsed = source.channel.body.safeParse(data);
  if (!parsed.success) {
    await bury(source, raw, z.prettifyError(parsed.error));
    return undefined;
  }
  return {
    raw,
    message: { body: parsed.data, subject: raw.subject, id: idOf(raw), deliveries: raw.info.deliveryCount },
  };
}

type Attempt<S extends z.ZodType> = {
  source: Source<S>;
  messages: Taken<z.infer<S>>[];
  run: (messages: Message<z.infer<S>>[]) => Promise<void>;
};

async function attempt<S extends z.ZodType>({ source, messages, run }: Attempt<S>): Promise<void> {
  const name = `${source.service} ${source.purpose}`;
  const spans = messages.map(({ raw }) => openSpan(name, { parent: raw.headers?.get('traceparent') }));
  const end = (error?: unknown) => {
    for (const span of spans) span.end(error);
  };
  const placed = messages.map(({ message }, at) => ({ ...message, traceparent: spans[at]?.traceparent }));
  // A batch may belong to many traces: only a lone message has the whole work to itself.
  const alone = spans.length === 1 ? spans[0]?.traceparent : undefined;
  try {
    await inTrace(alone, () => run(placed));
    for (const { raw } of messages) raw.ack();
    count(source, 'handled', messages.length);
    end();
  } catch (error) {
    end(error);
    await inTrace(alone, () => failed({ source, messages, run }, error));
  }
}

const count = <S extends z.ZodType>({ nats, purpose }: Source<S>, outcome: 'handled' | 'failed' | 'dead', many = 1) =>
  nats.figures.messages.inc({ consumer: purpose, outcome }, many);

/** A failed batch is taken apart, so that one poison message cannot hold up or bury its neighbours. */
async function failed<S extends z.ZodType>({ source, messages, run }: Attempt<S>, error: unknown): Promise<void> {
  const [only, ...others] = messages;
  if (only === undefined) return;
  if (others.length > 0 && !isRetryable(error)) {
    for (const message of messages) await attempt({ source, messages: [message], run });
    return;
  }
  for (const message of messages) await giveBack(source, message, error);
  const about = { consumer: source.purpose, messages: messages.length, incident_id: incidentOf(only.message.body) };
  source.log.error({ err: error, ...about }, 'handling messages failed');
}

/** Which incident a message is about, where it says so. */
const incidentOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'incident_id' in body ? body.incident_id : undefined;

async function giveBack<S extends z.ZodType>(source: Source<S>, { raw, message }: Taken<z.infer<S>>, error: unknown) {
  const hopeless = message.deliveries >= MAX_DELIVERIES && !isRetryable(error);
  if (hopeless) await bury(source, raw, error instanceof Error ? error.message : String(error));
  else {
    raw.nak(backoffMs(message.deliveries));
    count(source, 'failed');
  }
}

/** A message that cannot be handled is kept with the reason, then terminated: never silently dropped. */
async function bury<S extends z.ZodType>(source: Source<S>, raw: JsMsg, problem: string): Promise<void> {
  const { nats, service, log } = source;
  const letter: DeadLetter = {
    subject: raw.subject,
    message_id: idOf(raw),
    problem: problem.slice(0, 2000),
    deliveries: raw.info.deliveryCount,
    data: Buffer.from(raw.data.subarray(0, MAX_LETTER_BYTES)).toString('base64'),
    at: new Date(raw.info.timestampNanos / 1e6).toISOString(),
  };
  // With its place on the stream: a message that was sent again and fails again is another letter.
  await nats.publish(`dead.${service}`, letter, { id: `dead:${service}:${idOf(raw)}:${raw.seq}` });
  raw.term(problem.slice(0, 200));
  count(source, 'dead');
  log.error({ subject: raw.subject, problem: letter.problem }, 'a message went to the dead letters');
}
