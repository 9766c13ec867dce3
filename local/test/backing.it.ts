import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPool, sql } from '@aetherius/shared/postgres';
import { describeUnless, needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { lookRound } from '../src/backing/machine.ts';
import { type Postgres, providePostgres } from '../src/backing/postgres.ts';
import { ping } from '../src/backing/redis.ts';
import { type Backing, startBacking } from '../src/backing/start-backing.ts';
import type { Try } from '../src/backing/tries.ts';
import { type Home, openHome } from '../src/home.ts';

const temporaryHome = (): Home => openHome(mkdtempSync(join(tmpdir(), 'aetherius-home-')));

needs('nats')('startBacking', () => {
  const home = temporaryHome();
  const tries: Try[] = [];
  let backing: Backing;
  /** Only what is there already: a test fetches nothing. */
  const env = {
    PATH: `${join(process.env['AETHERIUS_NATS_SERVER'] ?? '', '..')}:/usr/bin:/bin`,
    REDIS_URL: process.env['AETHERIUS_TEST_REDIS_URL'],
  };
  const start = () =>
    startBacking({
      home,
      env,
      report: (attempt) => tries.push(attempt),
      reaped: () => undefined,
      ended: () => undefined,
      signal: new AbortController().signal,
    });

  beforeAll(async () => {
    backing = await start();
  }, 60_000);
  afterAll(async () => {
    await backing?.stop();
    rmSync(home.path, { recursive: true, force: true });
  });

  it('reports how it came by each part', () => {
    expect(tries.filter(({ outcome }) => outcome === 'works').map(({ part }) => part)).toEqual(
      expect.arrayContaining(['postgres', 'nats']),
    );
  });

  it('refuses a second start from the same folder', async () => {
    await expect(start()).rejects.toThrow(/runs already, and uses .*AETHERIUS_HOME/);
  });

  it('keeps the secrets for their owner alone', () => {
    expect(statSync(home.secrets).mode & 0o777).toBe(0o700);
    expect(statSync(join(home.secrets, 'postgres.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(home.secrets, 'postgres.json'), 'utf8')).toContain('agent_manager');
  });

  it('gives each service a schema of its own and no sight of the others', async () => {
    const manager = await openPool({ url: backing.postgres.urlFor('agent-manager'), schema: 'agent_manager', max: 1 });
    const reasoning = await openPool({
      url: backing.postgres.urlFor('reasoning-service'),
      schema: 'reasoning_service',
      max: 1,
    });
    try {
      await manager.run(sql`create table secret_things (id int)`);
      await expect(reasoning.run(sql`select * from agent_manager.secret_things`)).rejects.toThrow(/permission denied/);
      await expect(reasoning.run(sql`create table public.anything (id int)`)).rejects.toThrow(/permission denied/);
    } finally {
      await Promise.all([manager.stop(), reasoning.stop()]);
    }
  });

  it('starts again with the same data', async () => {
    await backing.stop();
    backing = await start();
    const manager = await openPool({ url: backing.postgres.urlFor('agent-manager'), schema: 'agent_manager', max: 1 });
    expect(await manager.many(sql`select * from secret_things`)).toEqual([]);
    await manager.stop();
  }, 60_000);
});

const { embeddedPostgres } = lookRound({}, tmpdir());
const whereItShips = describeUnless(embeddedPostgres === undefined ? 'no such package for this platform' : undefined);

whereItShips('Postgres from the npm package', () => {
  const home = temporaryHome();
  let postgres: Postgres;

  beforeAll(async () => {
    postgres = await providePostgres({ way: 'npm', folder: embeddedPostgres ?? '' }, home);
  }, 60_000);
  afterAll(async () => {
    await postgres?.process?.stop();
    rmSync(home.path, { recursive: true, force: true });
  });

  it('serves from a copy outside node_modules', async () => {
    const db = await openPool({ url: postgres.adminUrl, schema: 'public', max: 1 });
    const { version } = await db.one<{ version: string }>(sql`select version()`);
    await db.stop();
    expect(version).toMatch(/^PostgreSQL 18\./);
  });

  it('takes a database that was named, with its schemas added', async () => {
    const other = temporaryHome();
    const given = await providePostgres({ way: 'url', variable: 'DATABASE_URL', url: postgres.adminUrl }, other);
    const db = await openPool({ url: given.urlFor('orchestrator-service'), schema: 'orchestrator_service', max: 1 });
    expect(await db.one(sql`select current_user::text as "user", current_schema::text as "schema"`)).toEqual({
      user: 'orchestrator_service',
      schema: 'orchestrator_service',
    });
    await db.stop();
    rmSync(other.path, { recursive: true, force: true });
  });

  it('lends the named user to every service when it may not make roles', async () => {
    const admin = await openPool({ url: postgres.adminUrl, schema: 'public', max: 1 });
    await admin.run(sql`create role modest login password 'modest'`);
    await admin.run(sql`create database modest owner modest`);
    await admin.stop();
    const url = new URL(postgres.adminUrl);
    Object.assign(url, { username: 'modest', password: 'modest', pathname: '/modest' });
    const given = await providePostgres({ way: 'url', variable: 'DATABASE_URL', url: url.href }, home);
    expect(given.urlFor('agent-manager')).toBe(url.href);
    const db = await openPool({ url: url.href, schema: 'agent_manager', max: 1 });
    await db.run(sql`create table proof (id int)`);
    await db.stop();
  });
});

needs('redis')('a named Redis', () => {
  const url = process.env['AETHERIUS_TEST_REDIS_URL'] ?? '';

  it('is taken when it answers', async () => {
    expect(await ping(url)).toBe(true);
  });

  it('is refused when the password is wrong', async () => {
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(ping(wrong.href)).rejects.toThrow(/WRONGPASS|invalid/i);
  });
});
