import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  createNatsAuth,
  type Fleet,
  type Home,
  homeFolder,
  openHome,
  startFleet,
  withDatabase,
} from '@aetherius/local';
import { createLogger } from '@aetherius/shared/log';
import { type Nats, openNats } from '@aetherius/shared/nats';
import { type Db, openPool } from '@aetherius/shared/postgres';
import { ownPorts } from '../src/test-fleet.ts';
import { watcher } from './bus.ts';

/** A whole fleet to be measured, on a Postgres, a NATS and a Redis of its own, with what a bench needs to look inside. */
export type MeasuredFleet = {
  fleet: Fleet;
  /** With all rights, in the manager's schema. */
  db: Db;
  /** The user that may look at all streams and has the subject `bench.>` to itself. */
  bus: Nats;
  /** Process numbers of the services and of what they stand on, by name. */
  pids: Record<string, number>;
  signal: AbortSignal;
};

/** Whatever a person's shell names is theirs: a bench fills and drops what it likes. */
const notOurs = ['DATABASE_URL', 'NATS_URL', 'NATS_CREDS', 'REDIS_URL', 'NEO4J_URI', 'AETHERIUS_NEO4J'];

/** Starts the fleet, runs the work and takes everything away again, also when it is interrupted. */
export async function onMeasuredFleet(work: (measured: MeasuredFleet) => Promise<void>): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'aetherius-bench-'));
  // Programs that were fetched before are not fetched again; everything else is new.
  const home: Home = { ...openHome(path), cache: openHome(homeFolder(process.env)).cache };
  const abort = new AbortController();
  const interrupt = () => abort.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const env = { ...(await ownPorts()), ...Object.fromEntries(notOurs.map((name) => [name, undefined])) };
    const fleet = await startFleet({
      home,
      env,
      say: (line) => process.stderr.write(`${line}\n`),
      signal: abort.signal,
    });
    try {
      await withInsight({ fleet, home, signal: abort.signal }, work);
    } finally {
      await fleet.stop();
    }
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

type Started = { fleet: Fleet; home: Home; signal: AbortSignal };

async function withInsight({ fleet, home, signal }: Started, work: (measured: MeasuredFleet) => Promise<void>) {
  const url = await withDatabase({ home, env: {} }, async (running) => running);
  const db = await openPool({ url, schema: 'agent_manager', max: 4 });
  const auth = await createNatsAuth(join(home.secrets, 'nats'));
  const busUrl = `nats://127.0.0.1:${natsPort(home)}`;
  const bus = await openNats(
    { url: busUrl, creds: await auth.creds(...watcher), name: 'bench' },
    createLogger('bench', 'silent'),
  );
  try {
    await work({ fleet, db, bus, pids: pidsOf(home), signal });
  } finally {
    await bus.stop();
    await db.stop();
  }
}

const natsPort = (home: Home): string => {
  const port = /^port: (\d+)$/m.exec(readFileSync(join(home.data, 'nats', 'server.conf'), 'utf8'))?.[1];
  if (port === undefined) throw new Error('the configuration of the bus names no port');
  return port;
};

const pidsOf = (home: Home): Record<string, number> =>
  Object.fromEntries(
    readdirSync(home.run)
      .filter((file) => file.endsWith('.pid'))
      .map((file) => [basename(file, '.pid'), JSON.parse(readFileSync(join(home.run, file), 'utf8')).pid as number]),
  );
