import { DiscardPolicy, JetStreamApiError, RetentionPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream';
import { type StreamSpec, streams } from '../contracts/index.ts';
import { errors } from '../errors/index.ts';
import type { Nats } from './connection.ts';

const STREAM_NOT_FOUND = 10059;
const nanoseconds = (seconds: number) => seconds * 1e9;

const config = (spec: StreamSpec) =>
  ({
    name: spec.name,
    subjects: spec.subjects,
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: spec.when_full === 'refuse_new' ? DiscardPolicy.New : DiscardPolicy.Old,
    max_age: nanoseconds(spec.max_age),
    max_bytes: spec.max_bytes,
    duplicate_window: nanoseconds(spec.duplicate_window),
  }) satisfies Partial<StreamConfig>;

/** Makes every declared stream as declared; two services may do it at once. */
export async function ensureStreams(nats: Nats): Promise<void> {
  const manager = await nats.manager().catch((cause: unknown) => {
    throw errors.unavailable(
      {
        part: 'nats',
        reason: 'JetStream is not enabled on the server or for this account',
        way_out: 'start nats-server with -js or with a jetstream block in its configuration',
      },
      { cause },
    );
  });
  for (const spec of streams) {
    const known = await manager.streams.info(spec.name).catch((error: unknown) => {
      if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
      throw error;
    });
    if (known === undefined) await manager.streams.add(config(spec));
    else await manager.streams.update(spec.name, config(spec));
  }
}
