import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './backing/command.ts';
import { fetchNats } from './backing/fetch-binary.ts';
import { lookRound } from './backing/machine.ts';
import { startNeo4j } from './backing/neo4j.ts';
import { postgresBinaries } from './backing/postgres-binaries.ts';
import { newPassword, startPostgres } from './backing/postgres-server.ts';
import { startRedis } from './backing/redis.ts';
import { type Facts, planRoutes } from './backing/routes.ts';
import { absence, describeTry, firstThatWorks, requireOne, type Try } from './backing/tries.ts';
import { type Home, homeFolder, openHome } from './home.ts';
import { homeHolder, lockHome, type Managed, reapLeftovers } from './process.ts';

/** What tests find in their environment: where each part is, or why it cannot be had. */
export type TestEnvironment = {
  AETHERIUS_TEST_DATABASE_URL: string;
  AETHERIUS_NATS_SERVER: string;
  AETHERIUS_TEST_REDIS_URL?: string;
  AETHERIUS_TEST_NEO4J_URL?: string;
  AETHERIUS_NO_REDIS?: string;
  AETHERIUS_NO_NEO4J?: string;
};

const PREFIX = 'aetherius-test-';

type Wishes = {
  /** The database syncs each commit, as in earnest: for figures. */
  durable?: boolean;
  /** Postgres and NATS alone, without the parts that tests can do without. */
  bare?: boolean;
  env?: Record<string, string | undefined>;
};

/** Runs something with real, throw-away backing services, and stops them whatever happens. */
export async function withTestBacking<T>(
  run: (env: TestEnvironment) => Promise<T>,
  { durable = false, bare = false, env = process.env }: Wishes = {},
): Promise<T> {
  await sweep();
  const cache = openHome(homeFolder(env)).cache;
  const home = openHome(mkdtempSync(join(tmpdir(), PREFIX)));
  const lock = lockHome(home.run);
  const started: Managed[] = [];
  const tries: Try[] = [];
  try {
    const parts = {
      home,
      cache,
      // Never the servers that the environment names: tests create and drop what they like.
      facts: { ...lookRound(env, cache), env: {} },
      env,
      durable,
      started,
      report: (attempt: Try) => void tries.push(attempt),
    };
    const [database, nats, redis, neo4j] = await Promise.all([
      testPostgres(parts),
      testNats(parts),
      bare ? leftOut : testRedis(parts),
      bare ? leftOut : testNeo4j(parts),
    ]);
    return await run({
      AETHERIUS_TEST_DATABASE_URL: database,
      AETHERIUS_NATS_SERVER: nats,
      ...redis,
      ...neo4j,
    });
  } catch (error) {
    if (started.length === 0) for (const attempt of tries) console.error(describeTry(attempt));
    throw error;
  } finally {
    await Promise.all(started.map((process_) => process_.stop()));
    lock.release();
    rmSync(home.path, { recursive: true, force: true });
  }
}

type Parts = {
  home: Home;
  cache: string;
  facts: Facts;
  env: Record<string, string | undefined>;
  durable: boolean;
  started: Managed[];
  report: (attempt: Try) => void;
};

async function testPostgres({ home, cache, facts, env, durable, started, report }: Parts): Promise<string> {
  const given = env['AETHERIUS_TEST_DATABASE_URL'];
  if (given !== undefined) return given;
  const routes = planRoutes('postgres', facts);
  const server = await requireOne({
    part: 'postgres',
    routes,
    report,
    attempt: async (route) =>
      startPostgres({
        binaries: await postgresBinaries(route, cache),
        folder: join(home.data, 'postgres'),
        password: newPassword(),
        logFile: join(home.logs, 'postgres.log'),
        runFolder: home.run,
        throwAway: !durable,
      }),
  });
  started.push(server.process);
  return server.url;
}

async function testNats({ cache, facts, env, report }: Parts): Promise<string> {
  const given = env['AETHERIUS_NATS_SERVER'];
  if (given !== undefined) return given;
  const routes = planRoutes('nats', facts);
  return requireOne({
    part: 'nats',
    routes,
    report,
    attempt: async (route) => {
      const binary = await fetchNats({ route, cache });
      await runCommand(binary, ['--version'], { withinMs: 10_000 });
      return binary;
    },
  });
}

/** Where a part is that tests can do without, or why it is not there. */
type Optional = Partial<TestEnvironment>;
const leftOut: Optional = {};

async function testRedis({ home, cache, facts, env, started, report }: Parts): Promise<Optional> {
  const given = env['AETHERIUS_TEST_REDIS_URL'];
  if (given !== undefined) return { AETHERIUS_TEST_REDIS_URL: given };
  const routes = planRoutes('redis', facts);
  const { value, tries } = await firstThatWorks({
    part: 'redis',
    routes,
    report,
    attempt: (route) => startRedis({ route, home, cache, folder: join(home.data, 'redis') }),
  });
  if (value === undefined) return { AETHERIUS_NO_REDIS: absence('redis', tries) };
  if (value.process !== undefined) started.push(value.process);
  return { AETHERIUS_TEST_REDIS_URL: value.url };
}

/** Where Java is, the graph database is part of the tests, wanted by the services or not. */
async function testNeo4j({ home, cache, facts, env, started, report }: Parts): Promise<Optional> {
  const given = env['AETHERIUS_TEST_NEO4J_URL'];
  if (given !== undefined) return { AETHERIUS_TEST_NEO4J_URL: given };
  const routes = planRoutes('neo4j', { ...facts, wantsNeo4j: true });
  const { signal } = new AbortController();
  const { value, tries } = await firstThatWorks({
    part: 'neo4j',
    routes,
    report,
    attempt: (route) => startNeo4j({ route, home: { ...home, cache }, java: facts.tools.java, signal }),
  });
  if (value === undefined) return { AETHERIUS_NO_NEO4J: absence('neo4j', tries) };
  if (value.process !== undefined) started.push(value.process);
  return { AETHERIUS_TEST_NEO4J_URL: value.url };
}

/** Ends and removes what a killed run left behind. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const run = join(folder, 'data', 'run');
    try {
      if (!readdirSync(run).includes('launcher.lock') || homeHolder(run) !== undefined) continue;
      await reapLeftovers(run);
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another user's folder, or another run removed it first.
    }
  }
}

function runWith(command: string, args: string[], env: TestEnvironment): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${command} cannot be started: ${error.message}`);
      resolve(127);
    });
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]));
  });
}

async function main(): Promise<void> {
  const [separator, command, ...args] = process.argv.slice(2);
  if (separator !== '--' || command === undefined) {
    console.error('usage: node --conditions=source local/src/test-backing.ts -- <command> [arguments]');
    process.exitCode = 2;
    return;
  }
  process.exitCode = await withTestBacking((env) => runWith(command, args, env)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
