import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { errors } from '@aetherius/shared/errors';
import { freePort } from '@aetherius/shared/service';
import { type Home, makeFolder } from '../home.ts';
import { type Startable, startProgram } from '../process.ts';
import { runCommand } from './command.ts';
import { fetchRedis } from './fetch-binary.ts';
import { newPassword } from './postgres-server.ts';
import type { Route } from './routes.ts';

const IMAGE = 'redis:7-alpine';

/**
 * A cache with a limit, without which no alert could tell that it fills. Full, it forgets the agents that were silent
 * longest and goes on taking heartbeats; what has no end of its own is not ours, and stays.
 */
const settings = { save: '""', appendonly: 'no', maxmemory: '64mb', 'maxmemory-policy': 'volatile-ttl' };
/** The same as lines of a configuration file. */
export const redisSettings = (password: string): string[] =>
  Object.entries({ requirepass: password, ...settings }).map(([name, value]) => `${name} ${value}`);

export type Redis = { url: string; process: Startable | undefined };
export type StartingRedis = {
  route: Route;
  home: Home;
  cache: string;
  folder: string;
  signal?: AbortSignal | undefined;
};

/** Redis as a cache: it keeps nothing on disk, because nothing in it may be the only copy. */
export async function startRedis({ route, home, cache, folder, signal }: StartingRedis): Promise<Redis> {
  if (route.way === 'url') {
    await ping(route.url);
    return { url: route.url, process: undefined };
  }
  const port = await freePort();
  const password = newPassword();
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const program =
    route.way === 'docker'
      ? await inContainer(route.tool, { port, password, signal })
      : await asProgram(await fetchRedis({ route, cache, signal }), { port, password, folder });
  const process_ = await startProgram(
    { name: 'redis', ...program, logFile: join(home.logs, 'redis.log'), runFolder: home.run },
    () => ping(url),
  );
  return { url, process: process_ };
}

type Ready = { command: string; args: string[] };

async function asProgram(binary: string, at: { port: number; password: string; folder: string }): Promise<Ready> {
  const config = join(makeFolder(at.folder, 0o700), 'redis.conf');
  // In a file, because arguments can be read by every user of the machine.
  const lines = ['bind 127.0.0.1', `port ${at.port}`, `dir ${at.folder}`, ...redisSettings(at.password)];
  writeFileSync(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  return { command: binary, args: [config] };
}

async function inContainer(
  docker: string,
  at: { port: number; password: string; signal: AbortSignal | undefined },
): Promise<Ready> {
  await runCommand(docker, ['pull', '--quiet', IMAGE], { signal: at.signal });
  const publish = `127.0.0.1:${at.port}:6379`;
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value === '""' ? '' : value]);
  return {
    command: docker,
    args: ['run', '--rm', '-p', publish, IMAGE, 'redis-server', ...flags, '--requirepass', at.password],
  };
}

/** Speaks just enough of the protocol to know that it is Redis and that the password fits. */
export function ping(url: string): Promise<true> {
  const { protocol, hostname, port, username, password } = new URL(url);
  const greeting =
    password === ''
      ? ''
      : `AUTH ${username === '' ? '' : `${decodeURIComponent(username)} `}${decodeURIComponent(password)}\r\n`;
  return new Promise((resolve, reject) => {
    const target = { host: hostname, port: Number(port || 6379), timeout: 3_000 };
    const socket: Socket = protocol === 'rediss:' ? tlsConnect(target) : connect(target);
    const fail = (reason: string) => {
      socket.destroy();
      reject(errors.unavailable({ part: 'redis', reason }));
    };
    let heard = '';
    socket.once('connect', () => socket.write(`${greeting}PING\r\n`));
    socket.once('timeout', () => fail('no answer within 3 s'));
    socket.once('error', (error) => fail(error.message));
    socket.once('close', () => fail('the connection was closed'));
    socket.on('data', (chunk) => {
      heard += chunk.toString('utf8');
      if (/^-/m.test(heard)) fail(heard.trim());
      if (!heard.includes('+PONG')) return;
      socket.destroy();
      resolve(true);
    });
  });
}
