import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { JETSTREAM_MEMORY_BYTES, type StreamSpec, streams } from '../contracts/index.ts';
import { errors } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import { sleep } from '../service/index.ts';
import { isJetStreamOff, type Nats, refusedByRights } from './connection.ts';
import { whileElecting } from './while-electing.ts';

const STREAM_NOT_FOUND = 10059;
/** No server left to put a copy on; a server that is none of a cluster. */
const NO_PEERS = [10005, 10074];
const NO_ROOM = 10047;
const FEWER_COPIES =
  'set BUS_REPLICAS to no more than there are NATS servers in the cluster, or bring the missing ones back';
const MORE_ROOM =
  'raise max_file of the NATS servers; if their auth.conf was made by an older version, make it anew with npm run secrets and restart them';
const nanoseconds = (seconds: number) => seconds * 1e9;

const config = (spec: StreamSpec, replicas: number) =>
  ({
    name: spec.name,
    subjects: spec.subjects,
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: spec.when_full === 'refuse_new' ? DiscardPolicy.New : DiscardPolicy.Old,
    max_age: nanoseconds(spec.max_age),
    max_bytes: spec.max_bytes,
    duplicate_window: nanoseconds(spec.duplicate_window),
    num_replicas: replicas,
  }) satisfies Partial<StreamConfig>;

/** The API of JetStream; a server without it is told apart from one that is away, and from a cluster that has no leader yet. */
const managing = (nats: Nats) =>
  whileElecting('JetStream', () => nats.manager()).catch((cause: unknown) => {
    if (!isJetStreamOff(cause)) throw refusedByRights(cause) ?? cause;
    const reason =
      'JetStream is not enabled on the server, or the server has not as much of its memory as this account reserves';
    const way_out = `start nats-server with -js or with a jetstream block in its configuration, in which max_mem, where it is set, is ${JETSTREAM_MEMORY_BYTES / 1024 ** 2}MB or more`;
    throw errors.unavailable({ part: 'nats', reason, way_out }, { cause });
  });

const infoOf = ({ streams: api }: JetStreamManager, name: string) =>
  whileElecting(`stream ${name}`, () =>
    api.info(name).catch((error: unknown) => {
      if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
      throw error;
    }),
  );

/** Makes every declared stream as declared, each with so many copies on as many servers; consumers have what their stream has. Two may do it at once. */
export async function ensureStreams(nats: Nats, { replicas = 1 }: { replicas?: number } = {}): Promise<void> {
  const manager = await managing(nats);
  for (const spec of streams) {
    const { name } = spec;
    const wanted = config(spec, replicas);
    const known = await infoOf(manager, name);
    await whileElecting(`stream ${name}`, () =>
      known === undefined ? manager.streams.add(wanted) : manager.streams.update(name, wanted),
    ).catch((cause: unknown) => {
      throw unplaceable({ name, replicas, cause }) ?? refusedByRights(cause) ?? cause;
    });
  }
}

/** Why a stream cannot be had so, where it is for want of servers or of room. */
function unplaceable({ name, replicas, cause }: { name: string; replicas: number; cause: unknown }) {
  if (!(cause instanceof JetStreamApiError)) return undefined;
  const wayOut = NO_PEERS.includes(cause.code) ? FEWER_COPIES : cause.code === NO_ROOM ? MORE_ROOM : undefined;
  if (wayOut === undefined) return undefined;
  const reason = `stream ${name} cannot have ${replicas} ${replicas === 1 ? 'copy' : 'copies'}: ${cause.message}`;
  return errors.unavailable({ part: 'nats', BUS_REPLICAS: replicas, reason, way_out: wayOut }, { cause });
}

const WAY_TO_STREAMS = 'start agent-manager, which makes the streams';

type Awaiting = { nats: Nats; log: Pick<Logger, 'info'>; signal: AbortSignal; withinMs?: number };

/** Waits until every declared stream is there, for services that may not make them, and says so; `withinMs` later it fails. */
export async function awaitStreams({ nats, log, signal, withinMs = 60_000 }: Awaiting): Promise<void> {
  const manager = await managing(nats);
  const last = Date.now() + withinMs;
  let isTold = false;
  for (const { name } of streams)
    while ((await infoOf(manager, name)) === undefined) {
      signal.throwIfAborted();
      const why = { reason: `stream ${name} is not there`, way_out: WAY_TO_STREAMS };
      if (Date.now() > last) throw errors.unavailable({ part: 'nats', ...why });
      if (!isTold) log.info({ ...why, within_ms: withinMs }, 'waiting for the streams of the bus');
      isTold = true;
      await sleep(250, signal);
    }
}
