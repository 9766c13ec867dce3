import { type ConsumerInfo, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import { streams } from '../contracts/index.ts';
import type { Nats } from './connection.ts';
import type { StreamFigures } from './stream-figures.ts';

const CONSUMER_NOT_FOUND = 10014;

/**
 * Removes from each stream what all its readers have handled. Streams refuse new messages when they are full, and without this
 * a busy fleet would fill one with messages of days ago that nobody needs any more.
 */
export async function trimStreams(nats: Nats, figures?: StreamFigures): Promise<void> {
  const manager = await nats.manager();
  for (const { name, readers, when_full } of streams) {
    // Before the readers are asked: what comes afterwards is none of this round's.
    const { state, config } = await manager.streams.info(name);
    if (when_full === 'refuse_new') figures?.of(name, { bytes: state.bytes, limit: config.max_bytes });
    if (readers.length === 0) continue;
    const handled = await Promise.all(
      readers.map((reader) => handledBy(manager, { name, reader: reader.durable, last: state.last_seq })),
    );
    const through = Math.min(...handled);
    if (through >= state.first_seq && state.messages > 0) await manager.streams.purge(name, { seq: through + 1 });
  }
}

type Reading = { name: string; reader: string; last: number };

/** Up to which message a reader has handled all that is for it; none while it has never been there. */
async function handledBy(manager: JetStreamManager, { name, reader, last }: Reading): Promise<number> {
  const info = await manager.consumers.info(name, reader).catch((error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === CONSUMER_NOT_FOUND) return undefined;
    throw error;
  });
  return info === undefined ? 0 : handledOf(info, last);
}

/** The floor of a reader of one subject stays behind messages of others: when nothing is left for it, it is through. */
const handledOf = ({ num_pending, num_ack_pending, ack_floor }: ConsumerInfo, last: number): number =>
  num_pending === 0 && num_ack_pending === 0 ? last : ack_floor.stream_seq;
