import { chmodSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { AetheriusError, errors } from '@aetherius/shared/errors';
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

/** A folder with this very mode, whatever the umask. One that is there stays as it is, or is refused: others may use it. */
export function makeFolder(path: string, mode: number): string {
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory()) requireMode(path, { present: there.mode & 0o777, mode });
    else {
      makeFolders(path, mode);
      chmodSync(path, mode);
    }
  } catch (cause) {
    if (cause instanceof AetheriusError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.invalid_input({ folder: path, reason, way_out: 'name one that this user can make' }, { cause });
  }
  return path;
}

const octal = (mode: number): string => mode.toString(8);

function requireMode(path: string, { present, mode }: { present: number; mode: number }): void {
  if ((present & ~mode) !== 0) {
    const reason = `its mode ${octal(present)} lets others in`;
    const way_out = `where it is for this alone, chmod -R ${mode === 0o700 ? 'go=' : 'go-w'} ${path}; else name one that is not there yet`;
    throw errors.invalid_input({ folder: path, reason, way_out });
  }
  // The servers of root run as other users, who walk through; what was made for this alone, as mktemp does, is opened for them.
  const isClosed = isRoot() && (mode & ~present & 0o011) !== 0;
  if (isClosed && (present & 0o200) !== 0 && readdirSync(path).length === 0) chmodSync(path, mode);
}
