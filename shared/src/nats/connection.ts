import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import {
  AuthorizationError,
  headers,
  InvalidSubjectError,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  NoRespondersError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
  UserAuthenticationExpiredError,
} from '@nats-io/transport-node';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { MAX_MESSAGE_BYTES } from '../contracts/index.ts';
import { type AetheriusError, errors } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import type { RequestOutcome } from '../postgres/index.ts';
import { currentTraceparent, tracedBelow } from '../tracing/index.ts';
import { type BusMetrics, createBusMetrics } from './bus-metrics.ts';
import { credsTerm, jwtTerm, type Term } from './creds-claims.ts';
import { dial, type NatsOptions } from './dial.ts';

export type Reply = Record<string, unknown>;

/** The bus, as the services use it. */
export type Nats = {
  publish(subject: string, body: unknown, options: { id: string }): Promise<{ duplicate: boolean }>;
  ask(subject: string, body: unknown, timeoutMs: number): Promise<RequestOutcome>;
  request<S extends z.ZodType>(
    subject: string,
    body: unknown,
    options: { schema: S; timeoutMs: number },
  ): Promise<z.infer<S>>;
  /** For the bus's own subjects, whose requests and replies are plain text. */
  requestText(subject: string, text: string, timeoutMs: number): Promise<string>;
  emit(subject: string, body: unknown): void;
  listen<S extends z.ZodType>(
    subject: string,
    schema: S,
    handler: (body: z.infer<S>, message: { subject: string }) => Promise<Reply | undefined>,
  ): { stop(): Promise<void> };
  connected(): boolean;
  /** What consumers over this connection count. */
  figures: BusMetrics;
  js: JetStreamClient;
  manager(): Promise<JetStreamManager>;
  stop(): Promise<void>;
};

const encode = (subject: string, body: unknown): string => {
  const text = JSON.stringify(body);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_MESSAGE_BYTES) throw errors.too_large({ subject, bytes, limit: MAX_MESSAGE_BYTES });
  return text;
};

/** Connects, and keeps connecting for ever once the first connection stood; the first one has 15 s. */
export async function openNats(options: NatsOptions, log: Logger): Promise<Nats> {
  const connection = await dial(options, log);
  const link = { up: true };
  const connected = () => link.up && !connection.isClosed() && !connection.isDraining();
  const figures = createBusMetrics(options.metrics ?? new Registry(), { connected, term: termOf(options) });
  void followStatus(connection, { log, link, figures, onRefused: options.onRefused });
  const js = jetstream(connection, { timeout: 5_000 });
  const ask = (subject: string, body: unknown, timeoutMs: number) =>
    askOnce(connection, { subject, text: encode(subject, body), timeoutMs });
  return {
    js,
    manager: () => jetstreamManager(connection, { timeout: 5_000 }),
    connected,
    figures,
    publish: async (subject, body, { id }) => {
      const text = encode(subject, body);
      const { duplicate } = await js.publish(subject, text, { msgID: id, ...withPlace() }).catch((cause: unknown) => {
        figures.published.inc({ outcome: 'failed' });
        throw unsent(subject, cause, whyUnstored);
      });
      figures.published.inc({ outcome: duplicate ? 'duplicate' : 'stored' });
      return { duplicate };
    },
    ask,
    request: async (subject, body, { schema, timeoutMs }) => {
      const outcome = await ask(subject, body, timeoutMs);
      if (outcome.status === 'offline') throw errors.unavailable({ subject, reason: 'nobody answered' });
      return schema.parse(outcome.reply);
    },
    requestText: async (subject, text, timeoutMs) => {
      const reply = await connection.request(subject, text, { timeout: timeoutMs }).catch((cause: unknown) => {
        throw unsent(subject, cause);
      });
      return reply.string();
    },
    emit: (subject, body) => connection.publish(subject, encode(subject, body)),
    listen: (subject, schema, handler) => {
      const subscription = connection.subscribe(subject, {
        callback: (problem, message) => {
          if (problem === null) void answer({ message, schema, handler, log });
          else log.error({ ...plainly(problem), subject }, 'a subscription failed');
        },
      });
      return { stop: async () => (subscription.isClosed() ? undefined : subscription.drain()) };
    },
    stop: async () => {
      await connection.drain().catch(() => connection.close());
    },
  };
}

/** From when and until when we are let in, read anew each time: a JWT is renewed, and the file of a user may be replaced. */
function termOf({ creds, user }: NatsOptions): () => Term {
  if (user !== undefined) return () => jwtTerm(user.jwt());
  return () => (creds === undefined ? {} : credsTerm(creds));
}

type Following = {
  log: Logger;
  link: { up: boolean };
  figures: BusMetrics;
  onRefused: (() => void) | undefined;
};

async function followStatus(connection: NatsConnection, { log, link, figures, onRefused }: Following): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') figures.disconnects.inc();
    if (status.type === 'disconnect' || status.type === 'reconnect') {
      link.up = status.type === 'reconnect';
      log.warn({ event: status.type }, 'bus connection changed');
    }
    if (status.type !== 'error') continue;
    figures.refusals.inc();
    log.error(plainly(status.error), 'the bus refused something');
    if (status.error instanceof AuthorizationError || status.error instanceof UserAuthenticationExpiredError)
      onRefused?.();
  }
}

/** A message says where in a trace it was sent, so that whoever takes it goes on there. */
function withPlace(): { headers?: MsgHdrs } {
  const place = currentTraceparent();
  if (place === undefined) return {};
  const carried = headers();
  carried.set('traceparent', place);
  return { headers: carried };
}

async function askOnce(
  connection: NatsConnection,
  { subject, text, timeoutMs }: { subject: string; text: string; timeoutMs: number },
): Promise<RequestOutcome> {
  try {
    const reply = await connection.request(subject, text, { timeout: timeoutMs, ...withPlace() });
    return { status: 'replied', reply: reply.json() };
  } catch (error) {
    if (isSilence(error)) return { status: 'offline' };
    throw unsent(subject, error);
  }
}

/** What a user may not do, it may not do whatever is tried: most likely it is another service's. */
export const refusedByRights = (cause: unknown): AetheriusError | undefined => {
  const violation = [cause, (cause as Error | undefined)?.cause].find((one) => one instanceof PermissionViolationError);
  if (violation === undefined) return undefined;
  const way_out = 'set NATS_CREDS to the credentials file of this service; renew one that an older version made';
  return errors.forbidden({ part: 'nats', ...plainly(violation), way_out }, { cause });
};

/** What helps a stream of which too few copies are up. */
export const WAY_TO_A_LEADER =
  'bring back the NATS servers that hold it; with BUS_REPLICAS=3 a stream outlives one of three';

/** The client's own word for "nobody took it": of the API it is true, of a message it says no more than that no stream listens. */
export const isJetStreamOff = (error: unknown): boolean =>
  error instanceof Error && error.name === 'JetStreamNotEnabled';

const plainly = (cause: unknown) => ({ reason: cause instanceof Error ? cause.message : String(cause) });

/** Why no stream has a message. */
const whyUnstored = (cause: unknown) => {
  const no = isJetStreamOff(cause) && 'no stream takes this subject now: its stream has no leader, or is not there';
  const late = cause instanceof TimeoutError && 'its stream acknowledged nothing in time: it may have no leader now';
  const reason = no || late;
  return reason === false ? plainly(cause) : { reason, way_out: WAY_TO_A_LEADER };
};

/** A subject that is none stays so; anything else may pass. */
function unsent(subject: string, cause: unknown, why = plainly): AetheriusError {
  const details = { subject, ...why(cause) };
  const kind = cause instanceof InvalidSubjectError ? errors.invalid_input : errors.unavailable;
  return kind(details, { cause });
}

const isSilence = (error: unknown): boolean =>
  error instanceof NoRespondersError ||
  error instanceof TimeoutError ||
  (error instanceof RequestError && (error.isNoResponders() || error.cause instanceof TimeoutError));

type Answering = {
  message: Msg;
  schema: z.ZodType;
  handler: (body: never, message: { subject: string }) => Promise<Reply | undefined>;
  log: Logger;
};

/** Parses, hands over, replies; a wrong body is answered with what is wrong with it. */
async function answer({ message, schema, handler, log }: Answering): Promise<void> {
  try {
    const parsed = schema.safeParse(json(message));
    const reply = parsed.success
      ? await tracedBelow(
          `receive ${message.subject.split('.').at(-1)}`,
          { parent: message.headers?.get('traceparent') },
          () => handler(parsed.data as never, { subject: message.subject }),
        )
      : { error: z.prettifyError(parsed.error) };
    if (!parsed.success) log.warn({ subject: message.subject, problem: reply }, 'a message did not fit its schema');
    if (reply !== undefined && message.reply !== undefined && message.reply !== '')
      message.respond(JSON.stringify(reply));
  } catch (err) {
    log.error({ err, subject: message.subject }, 'handling a message failed');
  }
}

const json = (message: { string(): string }): unknown => {
  try {
    return JSON.parse(message.string());
  } catch {
    return undefined;
  }
};
