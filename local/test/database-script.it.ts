import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from '@aetherius/shared/postgres';
import { needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { findPrograms } from '../src/backing/machine.ts';
import { backUp } from '../src/backup/back-up.ts';
import { restore } from '../src/backup/restore.ts';
import { openHome } from '../src/home.ts';
import { clustersIn, fillDatabase, inDatabase } from './filled-database.ts';

const script = fileURLToPath(new URL('../../deployments/charts/aetherius/files/database.sh', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'aetherius-database-'));
const home = openHome(join(folder, 'home'));
const unique = Math.random().toString(36).slice(2, 8);
const databases = ['filled', 'first', 'second', 'third'].map((name) => `script_${name}_${unique}`);
const [filled = '', first = '', second = '', third = ''] = databases;
const role = `script_user_${unique}`;
const password = 'a b%c/d\\e';
const programs = dirname(findPrograms('pg_dump', process.env)[0] ?? '/nowhere/pg_dump');

const urlOf = (name: string, user?: { username: string; password: string }): string => {
  const url = new URL(process.env['AETHERIUS_TEST_DATABASE_URL'] ?? '');
  url.pathname = `/${name}`;
  if (user !== undefined) Object.assign(url, user);
  return url.href;
};

type Ended = { code: number; out: string; said: string };

/** The script as in its container, with these words and variables, and a file as its input. */
const run = (words: string[], env: Record<string, string>, input?: string): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { env: { PATH: `${programs}:${process.env['PATH']}`, ...env }, encoding: 'latin1' as const };
    const child = execFile('bash', [script, ...words], { ...options, maxBuffer: 64e6 }, (error, out, said) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, said }),
    );
    child.stdin?.end(input === undefined ? undefined : readFileSync(input));
  });

const inside = <T>(name: string, work: Parameters<typeof inDatabase<T>>[1]) => inDatabase(urlOf(name), work);
const administer = (statement: string) => inside('postgres', (db) => db.run(sql`${sql.raw(statement)}`));
const noted = (name: string) =>
  inside(name, async (db) =>
    (await db.many<{ outcome: string }>(sql`select outcome from agent_manager.backup order by at`)).map(
      ({ outcome }) => outcome,
    ),
  );
const clusters = (name: string) => clustersIn(urlOf(name));

needs('postgres')('the script of the tools in containers', () => {
  const dump = join(folder, 'piped.dump');
  beforeAll(async () => {
    await administer(`create database ${filled}`);
    await fillDatabase(urlOf(filled));
    for (const name of [first, second, third]) await administer(`create database ${name}`);
    await administer(`create role ${role} login superuser password '${password}'`);
    const { code, out } = await run(['backup'], { DATABASE_URL: urlOf(filled) });
    expect(code).toBe(0);
    writeFileSync(dump, out, 'latin1');
  }, 60_000);
  afterAll(async () => {
    for (const name of databases) await administer(`drop database if exists ${name} with (force)`);
    await administer(`drop role if exists ${role}`);
    rmSync(folder, { recursive: true, force: true });
  });

  it('writes what npm run restore reads, and reads what npm run backup writes', async () => {
    const env = { PATH: process.env['PATH'] };
    await restore({ home, env: { ...env, DATABASE_URL: urlOf(first) }, from: dump });
    expect(await clusters(first)).toEqual(['eu-1']);
    // The one that it came from was noted where it was made.
    expect([await noted(filled), await noted(first)]).toEqual([['succeeded'], []]);
    const written = join(folder, 'npm.dump');
    await backUp({ home, env: { ...env, DATABASE_URL: urlOf(first) }, out: written });
    expect(await noted(first)).toEqual(['succeeded']);
    const { code, out } = await run(['restore'], { DATABASE_URL: urlOf(second) }, written);
    expect(out).toMatch(/agent_manager is restored and belongs to /);
    expect([code, await clusters(second)]).toEqual([0, ['eu-1']]);
  }, 60_000);

  it('replaces what is there only when told to, and keeps it when the backup is cut off', async () => {
    await inside(second, (db) => db.run(sql`update agent_manager.cluster set id = 'later'`));
    const env = { DATABASE_URL: urlOf(second) };
    expect(await run(['restore'], env, dump)).toMatchObject({
      code: 1,
      said: expect.stringContaining('the database is not empty'),
    });
    const half = join(folder, 'half.dump');
    writeFileSync(half, readFileSync(dump).subarray(0, statSync(dump).size - 3_000));
    expect(await run(['restore', '--replace'], env, half)).toMatchObject({
      code: 1,
      said: expect.stringContaining('nothing was restored'),
    });
    expect(await clusters(second)).toEqual(['later']);
    for (const [words, more] of [
      [['restore', '--replace'], {}],
      [['restore'], { RESTORE_REPLACE: 'yes' }],
    ] as const) {
      await inside(second, (db) => db.run(sql`update agent_manager.cluster set id = 'later'`));
      expect((await run([...words], { ...env, ...more }, dump)).code).toBe(0);
      expect(await clusters(second)).toEqual(['eu-1']);
    }
  }, 60_000);

  it('notes a backup that failed, and says so where it may not', async () => {
    const lost = { DATABASE_URL: urlOf(filled), BACKUP_FOLDER: join(folder, 'nowhere'), BACKUP_KEEP: '2' };
    expect(await run(['backup'], lost)).toMatchObject({
      code: 1,
      said: expect.stringContaining('no backup was written'),
    });
    expect(await noted(filled)).toEqual(['succeeded', 'failed']);
    const place = join(folder, 'reader');
    mkdirSync(place);
    const reader = urlOf(filled, { username: role, password: encodeURIComponent(password) });
    await administer(`alter role ${role} nosuperuser; grant pg_read_all_data to ${role}`);
    const read = await run(['backup'], { DATABASE_URL: reader, BACKUP_FOLDER: place, BACKUP_KEEP: '2' });
    await administer(`alter role ${role} superuser`);
    expect([read.code, await noted(filled)]).toEqual([0, ['succeeded', 'failed']]);
    expect(read.said).toContain('may not write into agent_manager.backup');
    const none = await run(['backup'], { DATABASE_URL: urlOf(`none_${unique}`) });
    expect(none).toMatchObject({ code: 1, said: expect.stringContaining(`database "none_${unique}" does not exist`) });
    expect(none.said).not.toContain('may not write');
  }, 60_000);

  it('keeps as many backups in its folder as it is told, and restores the newest or the one that is named', async () => {
    const place = join(folder, 'claim');
    mkdirSync(place);
    for (const year of [2024, 2025, 2026]) writeFileSync(join(place, `aetherius-${year}0101T000000Z.dump`), 'old');
    const env = { DATABASE_URL: urlOf(filled), BACKUP_FOLDER: place, BACKUP_KEEP: '2' };
    expect((await run(['backup'], env)).code).toBe(0);
    const [former, newest = '', ...more] = readdirSync(place).sort();
    expect([former, more]).toEqual(['aetherius-20260101T000000Z.dump', []]);
    expect(statSync(join(place, newest)).mode & 0o777).toBe(0o600);
    const into = { ...env, DATABASE_URL: urlOf(third) };
    expect((await run(['restore'], { ...into, RESTORE_FROM: former ?? '' })).said).toContain('this is not a backup');
    expect((await run(['restore'], { ...into, RESTORE_FROM: 'none.dump' })).said).toContain('there is no such file');
    expect((await run(['restore'], into)).code).toBe(0);
    expect(await clusters(third)).toEqual(['eu-1']);
  }, 60_000);

  it('leaves no file where nothing could be backed up', async () => {
    const place = join(folder, 'empty');
    mkdirSync(place);
    const env = { DATABASE_URL: urlOf('postgres'), BACKUP_FOLDER: place, BACKUP_KEEP: '2' };
    expect((await run(['backup'], env)).code).toBe(1);
    expect(readdirSync(place)).toEqual([]);
  });

  it('takes the password from the address, or the one of a file that is right', async () => {
    const login = { username: role, password: encodeURIComponent(password) };
    expect((await run(['backup'], { DATABASE_URL: urlOf(filled, login) })).code).toBe(0);
    const file = join(folder, 'passwords');
    writeFileSync(file, `former\n${password}\n`);
    const env = { DATABASE_URL: urlOf(filled, { ...login, password: '' }), DATABASE_PASSWORD_FILE: file };
    expect((await run(['backup'], env)).code).toBe(0);
    writeFileSync(file, 'former\n');
    expect((await run(['backup'], env)).code).not.toBe(0);
  });

  it('says how it is used', async () => {
    for (const words of [[], ['restore', '--force'], ['drop']])
      expect((await run(words, { DATABASE_URL: urlOf(filled) })).said).toContain('usage: database.sh');
    expect((await run(['backup'], {})).said).toContain('DATABASE_URL is not set');
  });
});
