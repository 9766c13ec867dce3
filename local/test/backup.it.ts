import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openPool, sql } from '@aetherius/shared/postgres';
import { needs, silentLogger } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { backUp } from '../src/backup/back-up.ts';
import { restore } from '../src/backup/restore.ts';
import { openHome } from '../src/home.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-backup-'));
const home = openHome(join(folder, 'home'));
const out = join(folder, 'all.dump');
const unique = Math.random().toString(36).slice(2, 8);
const databases = ['source', 'target', 'later', 'other'].map((name) => `backup_${name}_${unique}`);
const [source = '', target = '', later = '', other = ''] = databases;
const owner = `backup_owner_${unique}`;
const schemas = ['agent_manager', 'orchestrator_service', 'reasoning_service'];

const urlOf = (name: string): string => {
  const url = new URL(process.env['AETHERIUS_TEST_DATABASE_URL'] ?? '');
  url.pathname = `/${name}`;
  return url.href;
};
const envOf = (name: string) => ({ PATH: process.env['PATH'], DATABASE_URL: urlOf(name) });

async function inDatabase<T>(
  name: string,
  { schema, work }: { schema: string; work: (db: Awaited<ReturnType<typeof openPool>>) => Promise<T> },
): Promise<T> {
  const db = await openPool({ url: urlOf(name), schema, max: 1 });
  return work(db).finally(() => db.stop());
}

const administer = (statement: string) =>
  inDatabase('postgres', { schema: 'public', work: (db) => db.run(sql`${sql.raw(statement)}`) });

async function fill(name: string): Promise<void> {
  await administer(`create database ${name}`);
  for (const schema of schemas) {
    await inDatabase(name, { schema: 'public', work: (db) => db.run(sql`create schema ${sql.raw(schema)}`) });
    const migrations = new URL(`../../${schema.replaceAll('_', '-')}/migrations/`, import.meta.url);
    await inDatabase(name, { schema, work: (db) => migrate({ db, folder: migrations, log: silentLogger() }) });
  }
}

const clustersIn = (name: string) =>
  inDatabase(name, { schema: 'agent_manager', work: (db) => db.many(sql`select id from cluster order by id`) });

needs('postgres')('backup and restore', () => {
  beforeAll(async () => {
    await fill(source);
    await administer(`create database ${target}`);
    await inDatabase(source, {
      schema: 'agent_manager',
      work: (db) => db.run(sql`insert into cluster (id) values ('eu-1')`),
    });
  }, 60_000);
  afterAll(async () => {
    for (const name of databases) await administer(`drop database if exists ${name} with (force)`);
    await administer(`drop role if exists ${owner}`);
    rmSync(folder, { recursive: true, force: true });
  });

  it('writes one file for its owner alone, and never over one that is there', async () => {
    expect(await backUp({ home, env: envOf(source), out })).toMatchObject({ file: out, unsent: 0 });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    await expect(backUp({ home, env: envOf(source), out })).rejects.toThrow(/EEXIST/);
    const nowhere = join(folder, 'no', 'such', 'folder.dump');
    await expect(backUp({ home, env: envOf(source), out: nowhere })).rejects.toThrow(/ENOENT/);
  });

  it('refuses a database in which no service ever was, and leaves no file', async () => {
    const file = join(folder, 'nothing.dump');
    await expect(backUp({ home, env: envOf(target), out: file })).rejects.toThrow(/no service has ever run/);
    expect(() => statSync(file)).toThrow(/ENOENT/);
    await expect(backUp({ home, env: {}, out: file })).rejects.toThrow(/there is no database in/);
  });

  it('refuses what is no backup, or half of one, and leaves the target empty', async () => {
    const half = join(folder, 'half.dump');
    const whole = readFileSync(out);
    writeFileSync(half, whole.subarray(0, whole.length - 2_000));
    writeFileSync(join(folder, 'text.dump'), 'select 1;');
    for (const file of ['text.dump', 'none.dump', 'half.dump'])
      await expect(restore({ home, env: envOf(target), from: join(folder, file) })).rejects.toThrow();
    expect(
      await inDatabase(target, {
        schema: 'public',
        work: (db) => db.many(sql`select 1 from pg_tables where schemaname = any(${schemas}::text[])`),
      }),
    ).toEqual([]);
  });

  it('restores into an empty database, on which the services can go on, and refuses it a second time', async () => {
    expect((await restore({ home, env: envOf(target), from: out })).tables).toBeGreaterThan(20);
    expect(await clustersIn(target)).toEqual([{ id: 'eu-1' }]);
    await inDatabase(target, {
      schema: 'agent_manager',
      work: (db) =>
        migrate({ db, folder: new URL('../../agent-manager/migrations/', import.meta.url), log: silentLogger() }),
    });
    await expect(restore({ home, env: envOf(target), from: out })).rejects.toThrow(/the database is not empty/);
  }, 60_000);

  it('refuses a backup of a later version before anything is written', async () => {
    await inDatabase(source, {
      schema: 'agent_manager',
      work: (db) => db.run(sql`insert into migration (name, checksum) values ('9999_from_the_future.sql', 'x')`),
    });
    await administer(`create database ${later}`);
    const newer = join(folder, 'newer.dump');
    await backUp({ home, env: envOf(source), out: newer });
    await expect(restore({ home, env: envOf(later), from: newer })).rejects.toThrow(/9999_from_the_future\.sql/);
  });

  it('gives a schema that was made for somebody to them, whatever they are called, and says whose each is', async () => {
    await administer(`create role ${owner}`);
    await administer(`create database ${other}`);
    await inDatabase(other, {
      schema: 'public',
      work: (db) => db.run(sql`create schema reasoning_service authorization ${sql.raw(owner)}`),
    });
    const { places } = await restore({ home, env: envOf(other), from: out });
    expect(places).toContainEqual({ schema: 'reasoning_service', owner });
    const owners = await inDatabase(other, {
      schema: 'public',
      work: (db) =>
        db.many(sql`select distinct tableowner as name from pg_tables where schemaname = 'reasoning_service'`),
    });
    expect(owners).toEqual([{ name: owner }]);
  }, 60_000);
});
