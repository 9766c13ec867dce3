import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '@aetherius/shared/errors';
import { addressProblem } from '@aetherius/shared/postgres';
import { lookRound } from '../backing/machine.ts';
import { databaseAt, providePostgres } from '../backing/postgres.ts';
import { planRoutes } from '../backing/routes.ts';
import { requireOne } from '../backing/tries.ts';
import type { Home } from '../home.ts';
import { homeHolder, lockHome, reapLeftovers } from '../process.ts';

export type Where = { home: Home; env: Record<string, string | undefined> };

/** Works on the database that `npm start` uses: the one of DATABASE_URL, the one that runs now, or ours, started for this. */
export async function withDatabase<T>({ home, env }: Where, work: (url: string) => Promise<T>): Promise<T> {
  const given = env['DATABASE_URL']?.trim();
  if (given !== undefined && given !== '') return work(usable(given));
  if (homeHolder(home.run) !== undefined) return work(runningUrl(home));
  const lock = lockHome(home.run);
  try {
    await reapLeftovers(home.run);
    const server = await requireOne({
      part: 'postgres',
      routes: planRoutes('postgres', lookRound(env, home.cache)),
      report: () => undefined,
      attempt: (route) => providePostgres(route, home),
    });
    try {
      return await work(server.adminUrl);
    } finally {
      await server.process?.stop();
    }
  } finally {
    lock.release();
  }
}

function usable(address: string): string {
  const problem = addressProblem(address);
  if (problem !== undefined) throw errors.invalid_input({ DATABASE_URL: problem });
  return address;
}

/** The data folder of our own server, if it was ever started in this home. */
export const postgresFolder = (home: Home): string | undefined => {
  const name = readdirSync(home.data).find((entry) => /^postgres-\d+$/.test(entry));
  return name === undefined ? undefined : join(home.data, name);
};

/** Postgres notes its port in the fourth line of a file in its data folder. */
function runningUrl(home: Home): string {
  const folder = postgresFolder(home);
  const file = folder === undefined ? undefined : join(folder, 'postmaster.pid');
  const port = file === undefined || !existsSync(file) ? undefined : readFileSync(file, 'utf8').split('\n')[3];
  if (port === undefined)
    throw errors.unavailable({
      reason: `Aetherius runs from ${home.data} on a database that is not its own`,
      way_out: 'set DATABASE_URL as that start had it',
    });
  return databaseAt(home, Number(port));
}
