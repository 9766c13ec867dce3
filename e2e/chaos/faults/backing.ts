import { connect } from 'node:net';
import { errors } from '@aetherius/shared/errors';
import { sleep } from '@aetherius/shared/service';
import type { Fault } from '../fault.ts';
import { atPoint, disarm, type Point } from '../hold-point.ts';
import { signal } from '../signals.ts';
import type { Stage } from '../stage.ts';

type Part = 'nats' | 'postgres' | 'redis' | 'neo4j';
type Length = NonNullable<Fault['lasts']>;

const starts = new WeakMap<Stage, () => Promise<void>>();

/** Kills a part without warning. */
export async function end(stage: Stage, part: Part): Promise<void> {
  const kill = stage.fleet.backing.outage(part);
  if (kill === undefined) throw errors.unavailable({ part, reason: 'not ours to end' });
  starts.set(stage, await kill());
}

/** Starts it again where it was, with what it had on disk. */
export const begin = async (stage: Stage): Promise<void> => starts.get(stage)?.();

const outage = (name: string, part: Part, lasts: Length): Fault => ({
  name,
  alone: true,
  lasts,
  inject: (stage) => end(stage, part),
  heal: begin,
});

const stored: Point = { table: 'agent_manager.event', on: 'insert' };

/** The database dies with events written in a transaction and not committed. */
const inTransaction: Fault = {
  name: 'postgres-restart-in-transaction',
  alone: true,
  lasts: { seconds: 0, full: 0 },
  inject: async (stage) => {
    // What holds the transaction dies with the database.
    const strike = { cause: () => stage.cluster.breakOne('in-transaction'), work: () => end(stage, 'postgres') };
    await atPoint(stage.db, stored, strike).catch(() => undefined);
  },
  heal: async (stage) => {
    await begin(stage);
    await disarm(stage.db, stored);
  },
};

/** Its processes stand still: connections stay open and nothing answers. */
const hang = (part: 'postgres' | 'redis'): Fault => ({
  name: `${part}-hang`,
  alone: true,
  lasts: { seconds: 15, full: 60 },
  inject: async (stage) => signal(stage, part, 'SIGSTOP'),
  heal: async (stage) => signal(stage, part, 'SIGCONT'),
});

const flush: Fault = {
  name: 'redis-flush',
  alone: true,
  needs: 'redis',
  lasts: { seconds: 2, full: 2 },
  inject: async ({ fleet }) => {
    const { redis } = fleet.backing;
    if (redis.url === undefined) throw errors.unavailable({ part: 'redis', reason: redis.reason });
    await flushAll(new URL(redis.url));
  },
};

/** Speaks just enough of the protocol. */
function flushAll({ hostname, port, password }: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once('error', reject);
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nFLUSHALL\r\n`));
    socket.on('data', async (chunk) => {
      if (chunk.toString().startsWith('-')) reject(errors.unavailable({ part: 'redis', reason: chunk.toString() }));
      await sleep(100);
      socket.destroy();
      resolve();
    });
  });
}

/** The bus, the database, the cache and the graph: killed, away for a while, standing still. */
export const backingFaults: readonly Fault[] = [
  outage('nats-restart', 'nats', { seconds: 0, full: 0 }),
  outage('nats-outage', 'nats', { seconds: 20, full: 300 }),
  inTransaction,
  outage('postgres-outage', 'postgres', { seconds: 20, full: 60 }),
  hang('postgres'),
  flush,
  { ...outage('redis-outage', 'redis', { seconds: 10, full: 60 }), needs: 'redis' },
  { ...hang('redis'), needs: 'redis' },
  { ...outage('neo4j-outage', 'neo4j', { seconds: 10, full: 60 }), needs: 'neo4j' },
];
