import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { errors } from '@aetherius/shared/errors';
import { openPool, sql } from '@aetherius/shared/postgres';
import { runCommand } from '../backing/command.ts';
import { schemas } from '../backing/postgres.ts';
import { connectionOf, majorOf, postgresTool } from './postgres-tools.ts';
import { postgresFolder, type Where, withDatabase } from './with-database.ts';

export type BackedUp = { file: string; bytes: number; unsent: number };

/** Writes all schemas of the services, as they were at one instant, into one file of pg_dump's own format; services may go on. */
export async function backUp({ out, ...where }: Where & { out: string }): Promise<BackedUp> {
  const { home, env } = where;
  if ((env['DATABASE_URL'] ?? '') === '' && postgresFolder(home) === undefined)
    throw errors.not_found({
      reason: `there is no database in ${home.data}`,
      way_out: 'set DATABASE_URL or AETHERIUS_HOME',
    });
  const part = `${out}.part`;
  // Made by us first: for its owner alone, and never over a file that is there.
  for (const file of [out, part]) createEmpty(file);
  try {
    const unsent = await withDatabase(where, async (url) => {
      const { version, messages } = await lookInto(url);
      const dump = await postgresTool('pg_dump', { env, least: majorOf(version) });
      const { args, env: secret } = connectionOf(url);
      const chosen = schemas.flatMap((schema) => ['--schema', schema]);
      await runCommand(dump, [...args, ...chosen, '--format', 'custom', '--file', part], { env: secret }).catch(
        async (cause: unknown) => {
          await note(url, 'failed');
          throw cause;
        },
      );
      await note(url, 'succeeded');
      return messages;
    });
    renameSync(part, out);
    return { file: out, bytes: statSync(out).size, unsent };
  } catch (error) {
    for (const file of [out, part]) rmSync(file, { force: true });
    throw error;
  }
}

function createEmpty(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (cause) {
    throw errors.invalid_input(
      { out: file, reason: cause instanceof Error ? cause.message : String(cause) },
      { cause },
    );
  }
}

/** For the figures of agent-manager. Whoever may only read makes backups as well, and of a version that had no such table. */
async function note(url: string, outcome: 'succeeded' | 'failed'): Promise<void> {
  const db = await openPool({ url, schema: 'agent_manager', max: 1 });
  await db
    .run(
      sql`insert into backup (outcome, at) values (${outcome}, now()) on conflict (outcome) do update set at = now()`,
    )
    .catch(() => undefined);
  await db.stop();
}

/** The server's version, and how many messages wait to leave; a database without one of the schemas is none of ours. */
async function lookInto(url: string): Promise<{ version: string; messages: number }> {
  const db = await openPool({ url, schema: 'public', max: 1 });
  try {
    const { server_version: version } = await db.one<{ server_version: string }>(sql`show server_version`);
    let messages = 0;
    for (const schema of schemas) {
      const { there } = await db.one<{ there: boolean }>(
        sql`select to_regclass(${`${schema}.outbox`}) is not null as there`,
      );
      if (!there) throw errors.not_found({ schema, reason: 'no service has ever run on this database' });
      messages += (await db.one<{ n: number }>(sql`select count(*) as n from ${sql.raw(schema)}.outbox`)).n;
    }
    return { version, messages };
  } finally {
    await db.stop();
  }
}
