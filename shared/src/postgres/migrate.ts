import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { defineErrors } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import type { Db, Tx } from './pool.ts';
import { sql } from './sql.ts';
import { withTransaction } from './transaction.ts';

const migrationErrors = defineErrors({
  migration_edited: { status: 500, retryable: false, title: 'A migration that already ran was edited' },
  migration_failed: { status: 500, retryable: false, title: 'A migration failed' },
  database_refused: { status: 500, retryable: false, title: 'The database does not let its user migrate' },
  database_behind: { status: 500, retryable: false, title: 'The database lacks migrations of this version' },
  database_ahead: {
    status: 500,
    retryable: false,
    title: 'The database has migrations that this version does not know',
  },
});

type Migrating = {
  db: Db;
  folder: URL;
  log: Logger;
  /** `expected` where another program applies them: then what is missing is an error. */
  mode?: 'apply' | 'expected';
  /** Ends the wait for another replica that migrates. */
  signal?: AbortSignal | undefined;
};
type Migration = { name: string; text: string; checksum: string };
const kit = new URL('../../migrations/', import.meta.url);

async function read(folder: URL): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/** Brings the schema of `db` up to date, and makes it where it is missing: the kit's tables first, then the service's files in order, each once, forward only. */
export async function migrate({ db, folder, log, mode = 'apply', signal }: Migrating): Promise<void> {
  const own = await read(folder);
  const migrations = [...(await read(kit)), ...own];
  await withTransaction(db, async (tx) => {
    await takeTurn(tx, { log, signal });
    const place = await tx.one<Place>(sql`
      select current_setting('search_path') as schema, current_user as "user", current_database() as database,
             exists (select from pg_namespace where nspname = current_setting('search_path')) as is_there,
             exists (select from pg_tables where tablename = 'migration' and schemaname = current_setting('search_path'))
               as is_kept,
             current_setting('transaction_read_only') = 'on' as is_read_only, pg_is_in_recovery() as is_standby`);
    refuseReadOnly(place);
    await bringUp({ tx, place, migrations, own, mode, log }).catch((cause: unknown) => {
      throw withoutRights(cause, place) ?? cause;
    });
    await refuseBarred(tx, place);
  });
}

const TURN_MS = 200;

/**
 * Two replicas that start together: the second waits here and then finds everything done. It asks again and again, for a statement
 * that waits for a lock holds up whoever is told to stop.
 */
async function takeTurn(tx: Tx, { log, signal }: Pick<Migrating, 'log' | 'signal'>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    // By the path, because there is no current schema as long as it has to be made.
    const { is_mine } = await tx.one<{ is_mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtext('migrate:' || current_setting('search_path'))) as is_mine`,
    );
    if (is_mine) return;
    if (tries === 0) log.info('waiting for another replica that brings the tables up to date');
    await setTimeout(TURN_MS, undefined, { signal });
  }
}

/** Where the tables are, who asks, and what is there already. */
type Place = {
  schema: string;
  user: string;
  database: string;
  is_there: boolean;
  is_kept: boolean;
  is_read_only: boolean;
  is_standby: boolean;
};
type BringingUp = Pick<Required<Migrating>, 'mode' | 'log'> & {
  tx: Tx;
  place: Place;
  migrations: Migration[];
  own: Migration[];
};

async function bringUp({ tx, place, migrations, own, mode, log }: BringingUp): Promise<void> {
  // Asked first: an account that may not make schemas is content with one that somebody made for it.
  if (mode === 'apply' && !place.is_there) await tx.run(sql`create schema ${sql.raw(place.schema)}`);
  if (mode === 'apply' && !place.is_kept)
    await tx.run(
      sql`create table migration (name text primary key, checksum text not null, at timestamptz not null default now())`,
    );
  // By its whole name: of a schema that one may not use, the path knows nothing.
  const isKept = mode === 'apply' || place.is_kept;
  const rows = isKept
    ? await tx.many<{ name: string; checksum: string }>(
        sql`select name, checksum from ${sql.raw(place.schema)}.migration`,
      )
    : [];
  const done = new Map(rows.map((row) => [row.name, row.checksum]));
  const unknown = [...done.keys()].filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0)
    throw migrationErrors.database_ahead({
      migrations: unknown,
      way_out: own.some(({ name }) => done.has(name))
        ? 'start the version that made them, or restore a backup from before it'
        : `set DATABASE_SCHEMA to the schema of this service, or leave it out: all tables in ${place.schema} are of another service`,
    });
  const missing = migrations.filter(({ name }) => !done.has(name)).map(({ name }) => name);
  if (mode === 'expected' && missing.length > 0)
    throw migrationErrors.database_behind({
      migrations: missing,
      way_out: 'run the migrate-command of this version before the service, or set MIGRATIONS=apply',
    });
  for (const migration of migrations) await apply({ tx, migration, checksum: done.get(migration.name), log });
}

/** Asked and not met: where nothing is missing no statement here would write, and the service's first one would end it. */
function refuseReadOnly({ schema, user, database, is_read_only, is_standby }: Place): void {
  if (!is_read_only) return;
  throw migrationErrors.database_refused({
    schema,
    user,
    reason: is_standby
      ? `a standby gives only a read-only transaction in database ${quoted(database)}`
      : `user ${quoted(user)} gets only a read-only transaction in database ${quoted(database)}: default_transaction_read_only is on`,
    way_out: 'set DATABASE_URL to the primary, and let the user write',
  });
}

/** What the account of DATABASE_URL may not do, with the statement that lets it. */
function withoutRights(cause: unknown, place: Place): Error | undefined {
  const { schema, user, database, is_there } = place;
  const denial = [cause, (cause as Error | undefined)?.cause].find((one) => codeOf(one) === '42501');
  if (denial === undefined) return undefined;
  const { message: reason } = denial as Error;
  const [owner, where] = [quoted(user), quoted(database)];
  const missing = `create schema ${schema} authorization ${owner}; or grant create on database ${where} to ${owner}`;
  const way_out = is_there ? ownership(place) : `as an administrator of database ${where}: ${missing}`;
  return migrationErrors.database_refused({ schema, user, reason, way_out }, { cause });
}

const ownership = ({ schema, user, database }: Place): string =>
  `as an administrator of database ${quoted(database)}: alter schema ${schema} owner to ${quoted(user)}, and the tables in it likewise`;

/** A table of another owner that nobody may write to would end the service at its first statement, long after its start. */
async function refuseBarred(tx: Tx, place: Place): Promise<void> {
  const { schema, user } = place;
  const [barred] = await tx.many<{ name: string }>(sql`
    select tablename as name from pg_tables
    where schemaname = ${schema}
      and not (select bool_and(has_table_privilege(format('%I.%I', schemaname, tablename), what))
               from unnest(array['select', 'insert', 'update', 'delete']) as what)
    order by tablename limit 1`);
  if (barred === undefined) return;
  const reason = `permission denied for table ${barred.name}`;
  throw migrationErrors.database_refused({ schema, user, reason, way_out: ownership(place) });
}

/** A line of JSON would put a backslash before each needless quote. */
const quoted = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

const codeOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code ?? '');

async function apply({
  tx,
  migration,
  checksum,
  log,
}: {
  tx: Tx;
  migration: Migration;
  checksum: string | undefined;
  log: Logger;
}) {
  if (checksum === migration.checksum) return;
  if (checksum !== undefined)
    throw migrationErrors.migration_edited({
      file: migration.name,
      way_out: 'put the file back as it was, and write the change as a new migration',
    });
  try {
    await tx.run({ text: migration.text, values: [] });
  } catch (cause) {
    throw migrationErrors.migration_failed(
      { file: migration.name, reason: cause instanceof Error ? cause.message : String(cause) },
      { cause },
    );
  }
  await tx.run(sql`insert into migration (name, checksum) values (${migration.name}, ${migration.checksum})`);
  log.info({ migration: migration.name }, 'migrated');
}
