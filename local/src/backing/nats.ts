import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { NatsPermissions } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { freePort } from '@aetherius/shared/service';
import { type Home, makeFolder } from '../home.ts';
import { createNatsAuth, natsServerConfig, type Trust } from '../nats-auth.ts';
import { type Startable, startProgram } from '../process.ts';
import { runCommand } from './command.ts';
import { fetchNats } from './fetch-binary.ts';
import type { Route } from './routes.ts';

/** The bus: where it is, and a credentials file for each user of it. */
export type Nats = {
  url: string;
  creds(user: string, permissions: NatsPermissions): Promise<string | undefined>;
  /** By which the manager lets agents in; only for a bus of our own. */
  issuerFile: string | undefined;
  process: Startable | undefined;
};

export type StartingNats = {
  route: Route;
  home: Home;
  /** Credentials for a bus that somebody else runs. */
  givenCreds: string | undefined;
  signal?: AbortSignal | undefined;
};

/** Takes the bus that was named, or starts one that accepts our own users only. */
export async function startNats({ route, home, givenCreds, signal }: StartingNats): Promise<Nats> {
  if (route.way === 'url') {
    await greet(route.url, givenCreds !== undefined);
    return { url: route.url, creds: async () => givenCreds, issuerFile: undefined, process: undefined };
  }
  const binary = await fetchNats({ route, cache: home.cache, signal });
  const auth = await createNatsAuth(join(home.secrets, 'nats'));
  const server = await startNatsServer({
    binary,
    trust: auth.trust,
    folder: join(home.data, 'nats'),
    logFile: join(home.logs, 'nats.log'),
    runFolder: home.run,
  });
  return { url: server.url, creds: auth.creds, issuerFile: auth.issuerFile, process: server.process };
}

export type StartingNatsServer = {
  binary: string;
  trust: Trust;
  folder: string;
  logFile: string;
  runFolder: string;
  tls?: { certFile: string; keyFile: string };
};

/** Starts the server on free ports of the loopback address and waits until JetStream is ready. */
export async function startNatsServer({
  binary,
  trust,
  folder,
  logFile,
  runFolder,
  tls,
}: StartingNatsServer): Promise<{ url: string; process: Startable }> {
  const syncAlways = await knowsSyncAlways(binary);
  const [port, monitorPort] = [await freePort(), await freePort()];
  const config = join(makeFolder(folder, 0o700), 'server.conf');
  const text = natsServerConfig({
    trust,
    port,
    monitorPort,
    syncAlways,
    tls,
    storeFolder: join(folder, 'jetstream'),
    accountsFolder: makeFolder(join(folder, 'accounts'), 0o700),
  });
  writeFileSync(config, text, { mode: 0o600 });
  const process_ = await startProgram(
    { name: 'nats', command: binary, args: ['-c', config], logFile, runFolder },
    async () => {
      const health = await fetch(`http://127.0.0.1:${monitorPort}/healthz`);
      return health.ok;
    },
  );
  return { url: `${tls === undefined ? 'nats' : 'tls'}://127.0.0.1:${port}`, process: process_ };
}

async function knowsSyncAlways(binary: string): Promise<boolean> {
  const version = await runCommand(binary, ['--version'], { withinMs: 10_000 });
  const [, major = '0', minor = '0'] = /v?(\d+)\.(\d+)\./.exec(version) ?? [];
  if (Number(major) < 2 || (Number(major) === 2 && Number(minor) < 9))
    throw errors.unavailable({ reason: `${version.trim()} is older than 2.9` });
  return Number(major) > 2 || Number(minor) >= 10;
}

type Info = { jetstream?: boolean; auth_required?: boolean };

/** Every server introduces itself first, before any credentials. */
async function greet(url: string, hasCreds: boolean): Promise<void> {
  const { jetstream, auth_required } = await firstIntroduction(url.split(','));
  if (jetstream !== true) throw errors.unavailable({ reason: 'the server has no JetStream' });
  const inUrl = new URL(url.split(',')[0] ?? url).username !== '';
  if (auth_required === true && !hasCreds && !inUrl)
    throw errors.unavailable({
      reason: 'the server asks for credentials',
      way_out: 'set NATS_CREDS to a credentials file',
    });
}

/** Of a cluster one server may be down. */
async function firstIntroduction(urls: string[]): Promise<Info> {
  const [url = '', ...others] = urls;
  return introduction(url).catch((error: unknown) => {
    if (others.length === 0) throw error;
    return firstIntroduction(others);
  });
}

async function introduction(url: string): Promise<Info> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port || 4222), timeout: 3_000 });
    const fail = (reason: string) => {
      socket.destroy();
      reject(errors.unavailable({ part: 'nats', reason }));
    };
    let heard = '';
    socket.once('timeout', () => fail('no answer within 3 s'));
    socket.once('error', (error) => fail(error.message));
    socket.once('close', () => fail('the connection was closed'));
    socket.on('data', (chunk) => {
      heard += chunk.toString('utf8');
      const line = /^INFO (\{.*\})\s*\r\n/.exec(heard)?.[1];
      if (line === undefined && heard.length > 64 * 1024) fail('this is not a NATS server');
      if (line === undefined) return;
      socket.destroy();
      resolve(JSON.parse(line) as Info);
    });
  });
}
