import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { type Db, migrate, openPool } from '../postgres/index.ts';
import { silentLogger } from './silent-logger.ts';

export type TestDatabase = { db: Db; url: string; drop(): Promise<void> };
type Options = { schema: string; migrations: URL };

/** Migrations tell one template from the next: a changed file makes a new template. */
const templateName = ({ schema, migrations }: Options): string => {
  const hash = createHash('sha256');
  for (const folder of [new URL('../../migrations/', import.meta.url), migrations]) {
    for (const file of readdirSync(folder).sort())
      if (file.endsWith('.sql')) hash.update(readFileSync(new URL(file, folder)));
  }
  return `template_${schema}_${hash.digest('hex').slice(0, 12)}`;
};

/** A fresh, migrated database of one test file, copied from a template that is made once. */
export async function database(options: Options): Promise<TestDatabase> {
  const adminUrl = process.env['AETHERIUS_TEST_DATABASE_URL'];
  if (adminUrl === undefined) throw new Error('AETHERIUS_TEST_DATABASE_URL is not set; run the tests through npm test');
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  const template = templateName(options);
  const name = `test_${randomBytes(6).toString('hex')}`;
  try {
    await admin.query(`select pg_advisory_lock(hashtext($1))`, [template]);
    await makeTemplate({ admin, template, adminUrl, ...options });
    await admin.query(`create database ${name} template ${template}`);
  } finally {
    await admin.end();
  }
  const url = inDatabase(adminUrl, name);
  const db = await openPool({ url, schema: options.schema });
  return { db, url, drop: () => drop({ db, adminUrl, name }) };
}

const inDatabase = (url: string, name: string): string => {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
};

type Making = Options & { admin: pg.Client; template: string; adminUrl: string };

async function makeTemplate({ admin, template, adminUrl, schema, migrations }: Making): Promise<void> {
  const known = await admin.query('select 1 from pg_database where datname = $1', [template]);
  if (known.rowCount !== 0) return;
  const unfinished = `${template}_new`;
  await admin.query(`drop database if exists ${unfinished}`);
  await admin.query(`create database ${unfinished}`);
  const url = inDatabase(adminUrl, unfinished);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create schema if not exists ${schema}`);
  await client.end();
  const db = await openPool({ url, schema });
  await migrate({ db, folder: migrations, log: silentLogger() });
  await db.stop();
  await admin.query(`alter database ${unfinished} rename to ${template}`);
}

async function drop({ db, adminUrl, name }: { db: Db; adminUrl: string; name: string }): Promise<void> {
  await db.stop();
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
}
