import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPool, sql } from '@aetherius/shared/postgres';
import { needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeDatabaseUrls } from '../src/compose/write-database-urls.ts';
import { changeKept } from '../src/secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-urls-'));
const folderOf = (owner: string) => join(folder, owner);
const unique = Math.random().toString(36).slice(2, 8);
const [database, administrator] = [`urls_${unique}`, `urls_admin_${unique}`];
const services = ['agent-manager', 'orchestrator-service', 'reasoning-service'];

const given = (): URL => new URL(process.env['AETHERIUS_TEST_DATABASE_URL'] ?? '');
const server = (): string => Object.assign(given(), { username: administrator, password: '', pathname: database }).href;
const administer = async (statement: string) => {
  const db = await openPool({ url: given().href, schema: 'public', max: 1 });
  await db.run(sql`${sql.raw(statement)}`).finally(() => db.stop());
};
const read = (owner: string, file: string) => readFileSync(join(folder, owner, file), 'utf8');
const kept = () => JSON.parse(read('keep', 'postgres.json')) as Record<string, string>;
const openAs = (service: string) =>
  openPool({
    url: read(service, 'database-url'),
    schema: service.replaceAll('-', '_'),
    max: 3,
    passwordFile: join(folder, service, 'database-password'),
  });
const provide = (renew = false) => writeDatabaseUrls({ folderOf, server: server(), renew });

needs('postgres')('the database of an installation', () => {
  beforeAll(async () => {
    for (const owner of ['keep', 'postgres', ...services]) mkdirSync(folderOf(owner));
    writeFileSync(join(folder, 'keep', 'postgres.json'), '{"aetherius": "first"}');
    await administer(`create role ${administrator} superuser login password 'first'`);
    await administer(`create database ${database}`);
  });
  afterAll(async () => {
    await administer(`drop database if exists ${database} with (force)`);
    await administer(`drop role if exists ${administrator}`);
    rmSync(folder, { recursive: true });
  });

  it('has a role for each service, whose password stands in a file of its own', async () => {
    await provide();
    expect(read('agent-manager', 'database-url')).toMatch(/^postgres:\/\/agent_manager@/);
    expect(statSync(join(folder, 'agent-manager', 'database-password')).mode & 0o777).toBe(0o600);
    const passwords = services.map((service) => read(service, 'database-password'));
    expect(new Set(passwords).size).toBe(3);
    await provide();
    expect(services.map((service) => read(service, 'database-password'))).toEqual(passwords);
  });

  it('gives everybody a new password, and a service that runs is refused nothing', async () => {
    const before = services.map((service) => read(service, 'database-password'));
    const db = await openAs('agent-manager');
    await provide(true);
    const after = services.map((service) => read(service, 'database-password'));
    expect(before.filter((password) => after.includes(password))).toEqual([]);
    // More at once than there are connections, so some are made now.
    const asked = await Promise.all(
      [1, 2, 3].map((n) => db.one<{ n: number }>(sql`select ${n}::int as n, pg_sleep(0.1)`)),
    );
    expect(asked.map(({ n }) => n)).toEqual([1, 2, 3]);
    await db.stop();
    expect(kept()['aetherius']).not.toBe('first');
    expect(read('postgres', 'password')).toBe(kept()['aetherius']);
    expect(kept()).not.toHaveProperty('next');
  });

  it.each([
    ['before the change', false],
    ['after it', true],
  ])('finishes what was interrupted %s', async (_when, changed) => {
    changeKept(folderOf('keep'), 'postgres', { next: `next-${changed}` });
    if (changed) await administer(`alter role ${administrator} password 'next-true'`);
    await provide();
    expect(kept()).toMatchObject({ aetherius: `next-${changed}` });
    const db = await openAs('reasoning-service');
    await db.stop();
  });
});
