import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { openPool } from '@aetherius/shared/postgres';
import { freePort } from '@aetherius/shared/service';
import { makeFolder } from '../home.ts';
import { type Startable, startProgram } from '../process.ts';
import { runCommand } from './command.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { lookUpUser, type User } from './system-user.ts';

export type PostgresServer = { url: string; process: Startable };
export type StartingPostgres = {
  binaries: PostgresBinaries;
  folder: string;
  password: string;
  logFile: string;
  runFolder: string;
  /** Loses what was written last when the machine fails, and is several times quicker: for tests. */
  throwAway?: boolean;
};

/** A fresh secret that needs no escaping in a URL. */
export const newPassword = (): string => randomBytes(24).toString('base64url');

/** Makes the data folder when there is none, and starts the server on a free port of the loopback address. */
export async function startPostgres(starting: StartingPostgres): Promise<PostgresServer> {
  const { binaries, folder, password, logFile, runFolder, throwAway = false } = starting;
  const user = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  if (user !== undefined) refuseClosedParents(dirname(folder));
  if (!existsSync(join(folder, 'PG_VERSION'))) await initialise(starting, user);
  const port = await freePort();
  const url = `postgres://aetherius:${password}@127.0.0.1:${port}/postgres`;
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    ...(throwAway ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  const process_ = await startProgram(
    {
      name: 'postgres',
      command: binaries.postgres,
      args: [
        '-D',
        folder,
        '-p',
        String(port),
        ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
      ],
      user,
      cwd: '/',
      logFile,
      runFolder,
      // Sessions that are still open are ended rather than waited for.
      stopSignal: 'SIGINT',
    },
    () => answers(url),
  );
  return { url, process: process_ };
}

async function answers(url: string): Promise<boolean> {
  const db = await openPool({ url, schema: 'public', max: 1 });
  await db.stop();
  return true;
}

async function initialise(
  { binaries, folder, password, throwAway = false }: StartingPostgres,
  user?: User,
): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  makeFolder(folder, 0o700);
  // Beside the data folder, which must be empty, and gone as soon as it was read.
  const passwordFile = `${folder}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid);
  const options = [
    '--username=aetherius',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
  ];
  try {
    await runCommand(binaries.initdb, ['-D', folder, ...options, ...(throwAway ? ['--no-sync'] : [])], { user });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Postgres refuses to run as root: as user `postgres`, made when absent, else as `nobody`. */
function unprivilegedUser(): User {
  const existing = lookUpUser('postgres');
  if (existing !== undefined) return existing;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const user = lookUpUser('postgres') ?? lookUpUser('nobody');
  if (user === undefined)
    throw errors.unavailable({ reason: 'Postgres does not run as root, and there is no user postgres or nobody' });
  return user;
}

/** Otherwise initdb would only say that it may not read its own folder. */
function refuseClosedParents(folder: string): void {
  for (let at = folder; at !== dirname(at); at = dirname(at))
    if ((statSync(at).mode & 0o001) === 0)
      throw errors.unavailable({
        reason: `${at} is closed to other users, and Postgres does not run as root`,
        way_out: 'set AETHERIUS_HOME to a folder that everyone can walk through',
      });
}
