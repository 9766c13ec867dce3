import { JetStreamApiError, type StoredMsg } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { channels, DeadLetter } from '../contracts/index.ts';
import { AetheriusError, errors } from '../errors/index.ts';
import type { Nats } from './connection.ts';
import { ORIGINAL_ID } from './consume.ts';

const STREAM = 'DEAD';
const MESSAGE_NOT_FOUND = 10037;
/** Whatever the reason was; that there was no such message is one. */
const NOT_DELETED = 10057;

/** A dead letter as it lies on its stream. */
export type StoredLetter = { seq: number; service: string; stored_at: string; letter: DeadLetter };

/** What one service alone may do: look at dead letters one by one, send what they hold once more, and take them away. */
export type DeadLetters = {
  /** The newest first, of those before `before`. */
  newest(options: { before: number | undefined; limit: number }): Promise<StoredLetter[]>;
  one(seq: number): Promise<StoredLetter | undefined>;
  /** Puts the message on its stream again; sent twice within minutes it is kept once. */
  sendAgain(stored: StoredLetter): Promise<void>;
  /** False when it was gone already. */
  remove(seq: number): Promise<boolean>;
};

/** The dead letters of a bus. */
export const openDeadLetters = (nats: Nats): DeadLetters => ({
  newest: ({ before = Number.POSITIVE_INFINITY, limit }) => answered(() => newest(nats, before, limit)),
  one: (seq) => answered(() => read(nats, seq)),
  sendAgain: ({ seq, stored_at, letter }) =>
    answered(async () => {
      const carried = headers();
      if (letter.message_id !== null) carried.set(ORIGINAL_ID, letter.message_id);
      const msgID = `again:${stored_at}:${seq}`;
      await nats.js.publish(letter.subject, Buffer.from(letter.data, 'base64'), { msgID, headers: carried });
    }),
  remove: (seq) =>
    answered(async () => {
      const { streams } = await nats.manager();
      return streams.deleteMessage(STREAM, seq, false).catch(async (error: unknown) => {
        if (isCode(error, NOT_DELETED) && (await read(nats, seq)) === undefined) return false;
        throw error;
      });
    }),
});

async function newest(nats: Nats, before: number, limit: number): Promise<StoredLetter[]> {
  const { streams } = await nats.manager();
  const { state } = await streams.info(STREAM, { deleted_details: true });
  const removed = new Set(state.deleted ?? []);
  const found: StoredLetter[] = [];
  for (let seq = Math.min(before - 1, state.last_seq); seq >= state.first_seq && found.length < limit; seq -= 1) {
    // What is listed may run out of time before it is read.
    const stored = removed.has(seq) ? undefined : await read(nats, seq);
    if (stored !== undefined) found.push(stored);
  }
  return found;
}

async function read(nats: Nats, seq: number): Promise<StoredLetter | undefined> {
  const { streams } = await nats.manager();
  const message = await streams.getMessage(STREAM, { seq }).catch((error: unknown) => {
    if (isCode(error, MESSAGE_NOT_FOUND)) return null;
    throw error;
  });
  return message === null ? undefined : storedLetter(message);
}

const isCode = (error: unknown, code: number): boolean => error instanceof JetStreamApiError && error.code === code;

const storedLetter = (message: StoredMsg): StoredLetter => ({
  seq: message.seq,
  service: message.subject.slice(channels.dead.pattern.indexOf('*')),
  stored_at: message.timestamp,
  letter: letterIn(message),
});

/** Whatever a service put there is shown: what is no letter as one that nobody can send again. */
function letterIn(message: StoredMsg): DeadLetter {
  try {
    return DeadLetter.parse(JSON.parse(message.string()));
  } catch {
    const about = { subject: message.subject, message_id: null, problem: 'what lies here is no dead letter' };
    const data = Buffer.from(message.data).toString('base64');
    return { ...about, deliveries: 0, data, at: new Date(message.timestamp).toISOString() };
  }
}

async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof AetheriusError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const way_out = /permission/i.test(reason)
      ? 'give agent-manager credentials of this version (docs/operations.md, Users of the bus): the old ones lack the right'
      : 'look at the NATS servers';
    throw errors.unavailable({ part: 'nats', reason, way_out }, { cause });
  }
}
