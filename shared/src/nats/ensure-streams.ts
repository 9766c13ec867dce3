import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { type StreamSpec, streams } from '../contracts/index.ts';
import { errors } from '../errors/index.ts';
import { sleep } from '../service/index.ts';
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

/** The API of JetStream; a server without it is told apart from one that is away. */
const managing = (nats: Nats) =>
  nats.manager().catch((cause: unknown) => {
    throw errors.unavailable(
      {
        part: 'nats',
        reason: 'JetStream is not enabled on the server or for this account',
        way_out: 'start nats-server with -js or with a jetstream block in its configuration',
      },
      { cause },
    );
  });

const infoOf = ({ streams: api }: JetStreamManager, name: string) =>
  api.info(name).catch((error: unknown) => {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  });

/** Makes every declared stream as declared; two may do it at once. */
export async function ensureStreams(nats: Nats): Promise<void> {
  const manager = await managing(nats);
  for (const spec of streams) {
    const known = await infoOf(manager, spec.name);
    if (known === undefined) await manager.streams.add(config(spec));
    else await manager.streams.update(spec.name, config(spec));
  }
}

/** Waits until every declared stream is there, for services that may not make them; `withinMs` later it says who would. */
export async function awaitStreams(nats: Nats, withinMs = 60_000): Promise<void> {
  const manager = await managing(nats);
  const last = Date.now() + withinMs;
  for (const { name } of streams)
    while ((await infoOf(manager, name)) === undefined) {
      if (Date.now() > last)
        throw errors.unavailable({
          part: 'nats',
          reason: `stream ${name} is not there`,
          way_out: 'start agent-manager, which makes the streams',
        });
      await sleep(250);
    }
}
