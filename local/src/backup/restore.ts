import { existsSync, readdirSync } from 'node:fs';
import { errors } from '@aetherius/shared/errors';
import { type Db, openPool, sql } from '@aetherius/shared/postgres';
import { runCommand } from '../backing/command.ts';
import { schemas } from '../backing/postgres.ts';
import { connectionOf, majorOf, postgresTool } from './postgres-tools.ts';
import { type Where, withDatabase } from './with-database.ts';

type Restoring = { program: string; url: string; from: string };
type Place = { schema: string; owner: string };

/** How many tables came, and whose each schema is now. */
export type Restored = { tables: number; places: readonly Place[] };

const BACKUP = 'name a file that npm run backup or database.sh backup wrote to its end';

/** Puts a backup into a database in which the services have nothing yet; whatever fails leaves it as empty as it was. */
export async function restore({ from, ...where }: Where & { from: string }): Promise<Restored> {
  if (!existsSync(from)) throw errors.not_found({ from, reason: 'there is no such file', way_out: BACKUP });
  const program = await postgresTool('pg_restore', { env: where.env, least: 1 });
  const source = await dumpedFrom(program, from);
  await refuseNewer(program, from);
  return withDatabase(where, (url) => withPool(url, (db) => fill(db, { program, url, from }, source)));
}

async function fill(db: Db, restoring: Restoring, source: number): Promise<Restored> {
  const { server_version } = await db.one<{ server_version: string }>(sql`show server_version`);
  if (majorOf(server_version) < source)
    throw errors.conflict({
      reason: `the backup is of Postgres ${source}, this server is ${server_version}`,
      way_out: `restore into a server of Postgres ${source} or newer`,
    });
  const occupied = await tablesIn(db);
  if (occupied.length > 0)
    throw errors.conflict({
      reason: `the database is not empty: ${occupied.slice(0, 3).join(', ')} and ${Math.max(0, occupied.length - 3)} more`,
      way_out: 'restore into an empty database ("npm run reset" empties our own)',
    });
  const places: Place[] = [];
  for (const schema of schemas) places.push({ schema, owner: await ownerOf(db, schema) });
  const begun: Place[] = [];
  try {
    for (const place of places) {
      begun.push(place);
      await fillSchema(db, place, restoring);
    }
  } catch (error) {
    for (const place of begun) await empty(db, place);
    throw error;
  }
  return { tables: (await tablesIn(db)).length, places };
}

/** As its owner, who will migrate it later. */
async function fillSchema(db: Db, { schema, owner }: Place, { program, url, from }: Restoring): Promise<void> {
  await makeSchema(db, { schema, owner });
  const { args, env } = connectionOf(url);
  const rights = ['--role', owner, '--no-owner', '--no-privileges', '--single-transaction', '--exit-on-error'];
  await runCommand(program, [...args, ...rights, '--schema', schema, from], { env });
}

/** Whoever owns the schema, where somebody made it for a service; else the role of the same name, else the one who restores. */
async function ownerOf(db: Db, schema: string): Promise<string> {
  const { me, owner, may } = await db.one<{ me: string; owner: string; may: boolean }>(sql`
    select current_user::text as me, owner, pg_has_role(current_user, owner::name, 'member') as may
      from (select coalesce(
        (select pg_get_userbyid(nspowner) from pg_namespace where nspname = ${schema}),
        (select rolname from pg_roles where rolname = ${schema} and pg_has_role(current_user, oid, 'member')),
        current_user)::text as owner) as found`);
  if (!may)
    throw errors.conflict({
      schema,
      reason: `the schema belongs to ${owner}, as whom ${me} may not restore`,
      way_out: `grant ${owner} to ${me}, or restore as an administrator`,
    });
  return owner;
}

const makeSchema = (db: Db, { schema, owner }: Place) =>
  db.run(
    sql`create schema if not exists ${sql.raw(schema)} authorization ${sql.raw(`"${owner.replaceAll('"', '""')}"`)}`,
  );

async function empty(db: Db, place: Place): Promise<void> {
  await db.run(sql`drop schema if exists ${sql.raw(place.schema)} cascade`);
  await makeSchema(db, place);
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
    const reason = 'this is not a backup that was written to its end';
    throw errors.invalid_input({ from, reason, way_out: BACKUP }, { cause });
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
