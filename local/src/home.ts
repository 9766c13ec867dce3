import { chmodSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { makeFolders } from '@aetherius/shared/service';

/** The one folder that holds everything Aetherius keeps on this machine; what DATABASE_URL and the like name lies elsewhere. */
export type Home = { path: string; cache: string; data: string; run: string; logs: string; secrets: string };

const isRoot = () => process.getuid?.() === 0;

/** `AETHERIUS_HOME`, else the usual state folder; root's own home is closed to the database's user, so root gets another. */
export function homeFolder(env: Record<string, string | undefined>, root = isRoot()): string {
  const chosen = env['AETHERIUS_HOME']?.trim();
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  return root ? '/var/lib/aetherius' : join(homedir(), '.local', 'state', 'aetherius');
}

/** What is kept here of attached clusters, and of the simulated one, whose place is emptied at each start. */
export const places = ['data', 'demo'] as const;
export type Place = (typeof places)[number];

/** Where each kind of file lives inside the home folder. */
export const homeAt = (path: string, place: Place = 'data'): Home => ({
  path,
  cache: join(path, 'cache'),
  data: join(path, place),
  run: join(path, place, 'run'),
  logs: join(path, place, 'logs'),
  secrets: join(path, place, 'secrets'),
});

/** Makes the folders; the outer ones can be walked through by the database's user whatever the umask says. */
export function openHome(path: string, place: Place = 'data'): Home {
  const home = homeAt(path, place);
  for (const folder of [home.path, home.cache, home.data]) makeFolder(folder, 0o755);
  for (const folder of [home.run, home.logs, home.secrets]) makeFolder(folder, 0o700);
  return home;
}

/** A folder with this very mode, whatever the umask. */
export function makeFolder(path: string, mode: number): string {
  try {
    makeFolders(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.invalid_input({ folder: path, reason, way_out: 'name one that this user can make' }, { cause });
  }
  chmodSync(path, mode);
  return path;
}
