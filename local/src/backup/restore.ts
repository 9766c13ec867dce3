import { existsSync, readdirSync } from 'node:fs';
import { errors } from '@aetherius/shared/errors';
import { type Db, openPool, sql } from '@aetherius/shared/postgres';
import { runCommand } from '../backing/command.ts';
import { schemas } from '../backing/postgres.ts';
import { connectionOf, majorOf, postgresTool } from './postgres-tools.ts';
import { type Where, withDatabase } from './with-database.ts';

type Restoring = { program: string; url: string; from: string };

/** Puts a backup into a database in which the services have nothing yet; whatever fails leaves it as empty as it was. */
export async function restore({ from, ...where }: Where & { from: string }): Promise<{ tables: number }> {
  if (!existsSync(from)) throw errors.not_found({ from, reason: 'there is no such file' });
  const program = await postgresTool('pg_restore', { env: where.env, least: 1 });
  const source = await dumpedFrom(program, from);
  await refuseNewer(program, from);
  return withDatabase(where, (url) => withPool(url, (db) => fill(db, { program, url, from }, source)));
}

async function fill(db: Db, restoring: Restoring, source: number): Promise<{ tables: number }> {
  const { server_version } = await db.one<{ server_version: string }>(sql`show server_version`);
  if (majorOf(server_version) < source)
    throw errors.conflict({ reason: `the backup is of Postgres ${source}, this server is ${server_version}` });
  const occupied = await tablesIn(db);
  if (occupied.length > 0)
    throw errors.conflict({
      reason: `the database is not empty: ${occupied.slice(0, 3).join(', ')} and ${Math.max(0, occupied.length - 3)} more`,
      way_out: 'restore into an empty database ("npm run reset" empties our own)',
    });
  const begun: string[] = [];
  try {
    for (const schema of schemas) {
      begun.push(schema);
      await fillSchema(db, schema, restoring);
    }
  } catch (error) {
    for (const schema of begun) await empty(db, schema);
    throw error;
  }
  return { tables: (await tablesIn(db)).length };
}

/** As the service's own role where there is one, so that it owns what it will migrate later. */
async function fillSchema(db: Db, schema: string, { program, url, from }: Restoring): Promise<void> {
  const role = await roleOf(db, schema);
  const authorization = role === undefined ? sql`` : sql`authorization ${sql.raw(role)}`;
  await db.run(sql`create schema if not exists ${sql.raw(schema)} ${authorization}`);
  const { args, env } = connectionOf(url);
  const as = role === undefined ? [] : ['--role', role];
  const rights = ['--no-owner', '--no-privileges', '--single-transaction', '--exit-on-error'];
  await runCommand(program, [...args, ...as, ...rights, '--schema', schema, from], { env });
}

const roleOf = async (db: Db, schema: string): Promise<string | undefined> =>
  (
    await db.maybe<{ name: string }>(
      sql`select rolname as name from pg_roles where rolname = ${schema} and pg_has_role(current_user, oid, 'member')`,
    )
  )?.name;

async function empty(db: Db, schema: string): Promise<void> {
  const role = await roleOf(db, schema);
  await db.run(sql`drop schema if exists ${sql.raw(schema)} cascade`);
  if (role !== undefined) await db.run(sql`create schema ${sql.raw(schema)} authorization ${sql.raw(role)}`);
}

const tablesIn = async (db: Db): Promise<string[]> =>
  (
    await db.many<{ name: string }>(sql`
      select table_schema || '.' || table_name as name from information_schema.tables
       where table_schema = any(${schemas}::text[]) order by 1`)
  ).map(({ name }) => name);

/** The major version of the server that a backup is of; also finds out whether the file is one. */
async function dumpedFrom(program: string, from: string): Promise<number> {
  const list = await runCommand(program, ['--list', from]).catch((cause: unknown) => {
    throw errors.invalid_input({ from, reason: 'this is not a backup that was written to its end' }, { cause });
  });
  return majorOf(/Dumped from database version: (.*)/.exec(list)?.[1] ?? '');
}

/** A backup of a later version would be refused by the services only once it lies in the database. */
async function refuseNewer(program: string, from: string): Promise<void> {
  const known = new Set(schemas.flatMap((schema) => migrationsOf(schema.replaceAll('_', '-'))));
  const rows = await runCommand(program, ['--data-only', '--table', 'migration', '--file', '-', from]);
  const unknown = [...rows.matchAll(/^(\d{4}_\S+\.sql)\t/gm)].flatMap(([, name = '']) =>
    known.has(name) ? [] : [name],
  );
  if (unknown.length > 0)
    throw errors.conflict({
      reason: `the backup is of a later version of Aetherius: it has ${unknown.join(', ')}`,
      way_out: 'restore it with the version that wrote it or a later one',
    });
}

const migrationsOf = (service: string): string[] =>
  [`../../../${service}/migrations/`, '../../../shared/migrations/'].flatMap((path) =>
    readdirSync(new URL(path, import.meta.url)),
  );

async function withPool<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = await openPool({ url, schema: 'public', max: 1 });
  try {
    return await work(db);
  } finally {
    await db.stop();
  }
}
