import { type Home, homeAt, places } from '../home.ts';
import { lockHome, reapAbandoned, reapLeftovers, type Startable } from '../process.ts';
import { lookRound } from './machine.ts';
import { type Nats, startNats } from './nats.ts';
import { startNeo4j } from './neo4j.ts';
import { type Postgres, providePostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import { type Part, planRoutes } from './routes.ts';
import { absence, type Report, requireOne, type Try, takeOne } from './tries.ts';

/** An optional part: where it is, or why it is not there. */
type Optional = { url: string } | { url: undefined; reason: string };

export type Backing = {
  postgres: Omit<Postgres, 'process'>;
  nats: Omit<Nats, 'process'>;
  redis: Optional;
  neo4j: Optional;
  /** Kills one of our own without warning, for tests of outages; undefined of what somebody else runs. Calling what it hands back starts it again where it was. */
  outage(part: Part): (() => Promise<() => Promise<void>>) | undefined;
  stop(): Promise<void>;
};

export type StartingBacking = {
  home: Home;
  env: Record<string, string | undefined>;
  report: Report;
  /** Told by name what a killed start left running, which has been ended; whatever it refuses, nothing is started. */
  reaped: (names: string[]) => Promise<void> | void;
  /** Told when a part ends before it was stopped. */
  ended: (name: string) => void;
  signal: AbortSignal;
};

/** Finds or starts everything that the services stand on, and takes the home folder for this process until `stop`. */
export async function startBacking({ home, env, report, reaped, ended, signal }: StartingBacking): Promise<Backing> {
  const lock = lockHome(home.run);
  const own = createParts(ended);
  const { keep, outage } = own;
  const stop = async () => {
    await own.stop();
    lock.release();
  };
  try {
    await reaped(await endLeftovers(home));
    const facts = lookRound(env, home.cache);
    const common = { report, signal };
    const givenCreds = env['NATS_CREDS'];
    const parts = await settled([
      requireOne({
        ...common,
        part: 'postgres',
        routes: planRoutes('postgres', facts),
        attempt: async (route) => keep(await providePostgres(route, home)),
      }),
      requireOne({
        ...common,
        part: 'nats',
        routes: planRoutes('nats', facts),
        attempt: async (route) => keep(await startNats({ route, home, givenCreds, signal })),
      }),
      takeOne({
        ...common,
        part: 'redis',
        routes: planRoutes('redis', facts),
        attempt: async (route) =>
          keep(await startRedis({ route, home, cache: home.cache, folder: `${home.data}/redis`, signal })),
      }),
      takeOne({
        ...common,
        part: 'neo4j',
        routes: planRoutes('neo4j', facts),
        attempt: async (route) => keep(await startNeo4j({ route, home, java: facts.tools.java, signal })),
      }),
    ]);
    const [postgres, nats, redis, neo4j] = parts;
    return { postgres, nats, redis: optional('redis', redis), neo4j: optional('neo4j', neo4j), outage, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Parts of our own that run, each told about when it ends by itself. */
function createParts(ended: (name: string) => void) {
  const running = new Map<string, Startable>();
  const intended = new Set<number>();
  let isStopping = false;
  const watch = (program: Startable) => {
    running.set(program.name, program);
    void program.exited.then(() => isStopping || intended.has(program.pid) || ended(program.name));
  };
  return {
    keep: <T extends { process: Startable | undefined }>(part: T): T => {
      if (part.process !== undefined) watch(part.process);
      return part;
    },
    outage: (part: Part) => {
      const program = running.get(part);
      if (program === undefined) return undefined;
      return async () => {
        intended.add(program.pid);
        // The whole group: a database's own processes would otherwise keep its memory, and its port for the next one.
        process.kill(-program.pid, 'SIGKILL');
        await program.exited;
        return async () => watch(await program.again());
      };
    },
    stop: async () => {
      isStopping = true;
      await Promise.all([...running.values()].map((program) => program.stop()));
    },
  };
}

/** Of every place in the home folder, because all of them use the same ports. */
async function endLeftovers(home: Home): Promise<string[]> {
  const names = await reapLeftovers(home.run);
  const others = places.map((place) => homeAt(home.path, place).run).filter((run) => run !== home.run);
  for (const run of others) names.push(...(await reapAbandoned(run)));
  return names;
}

const optional = (part: Part, { value, tries }: { value: { url: string } | undefined; tries: Try[] }): Optional =>
  value === undefined ? { url: undefined, reason: absence(part, tries) } : { url: value.url };

/** All of them, waiting for the others when one fails: a part that comes up late must still be stopped. */
async function settled<T extends readonly Promise<unknown>[]>(
  promises: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return (await Promise.all(promises)) as { -readonly [K in keyof T]: Awaited<T[K]> };
}
