import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccess } from '@aetherius/shared/http';
import { type Db, openPool, sql } from '@aetherius/shared/postgres';
import { needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-rotation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

needs('postgres')('the password of the database', () => {
  const role = `rotating_${Math.random().toString(36).slice(2, 8)}`;
  const file = join(folder, 'password');
  let admin: Db;
  let url: string;
  const setPassword = (password: string) =>
    admin.run(sql`${sql.raw(`alter role ${role} login password '${password}'`)}`);
  const open = () => openPool({ url, schema: 'public', max: 2, passwordFile: file });
  /** All at once, so that at least one needs a connection of its own. */
  const ask = (db: Db) =>
    Promise.all([1, 2, 3].map((n) => db.one<{ n: number }>(sql`select ${n}::int as n, pg_sleep(0.1)`)));

  beforeAll(async () => {
    const server = process.env['AETHERIUS_TEST_DATABASE_URL'] ?? '';
    admin = await openPool({ url: server, schema: 'public', max: 1 });
    const own = new URL(server);
    own.username = role;
    own.password = '';
    url = own.href;
    await admin.run(sql`${sql.raw(`create role ${role}`)}`);
  });
  afterAll(async () => {
    await admin.run(sql`${sql.raw(`drop role ${role}`)}`);
    await admin.stop();
  });

  it('changes under a running pool without one refused question', async () => {
    await setPassword('first');
    writeFileSync(file, 'first\n');
    const db = await open();
    writeFileSync(file, 'first\nsecond/with:odd@letters\n');
    await setPassword('second/with:odd@letters');
    // One connection stands since the start; the other is made now.
    expect((await ask(db)).map(({ n }) => n)).toEqual([1, 2, 3]);
    writeFileSync(file, 'second/with:odd@letters\n');
    const fresh = await open();
    expect(await ask(fresh)).toHaveLength(3);
    await Promise.all([db.stop(), fresh.stop()]);
  });

  it('is refused at once when no line of the file is right, the file is empty, or there is none', async () => {
    writeFileSync(file, 'wrong\nwrong too\n');
    await expect(open()).rejects.toThrow(/password authentication failed/);
    writeFileSync(file, '\n');
    await expect(open()).rejects.toThrow(/holds no password/);
    rmSync(file);
    await expect(open()).rejects.toThrow(/cannot be read/);
  });
});

describe('the key that signs access tokens', () => {
  const pair = () => generateKeyPairSync('ed25519');
  const pem = ({ publicKey }: ReturnType<typeof pair>) => publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const bearer = async ({ privateKey }: ReturnType<typeof pair>) => {
    const token = await new SignJWT({ roles: ['viewer'] })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setSubject('eve')
      .setIssuer('aetherius')
      .setExpirationTime('1h')
      .sign(privateKey);
    return `Bearer ${token}`;
  };

  it('may be one of several while it changes, and no other', async () => {
    const [old, next, foreign] = [pair(), pair(), pair()];
    const access = await createAccess({ publicKey: `# the old one\n${pem(old)}\n${pem(next)}` });
    for (const key of [old, next])
      expect(await access.actorOf(await bearer(key))).toEqual({ id: 'eve', roles: ['viewer'] });
    await expect(access.actorOf(await bearer(foreign))).rejects.toMatchObject({ code: 'unauthorized' });
    const after = await createAccess({ publicKey: pem(next) });
    await expect(after.actorOf(await bearer(old))).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('is refused at the start when one of them is none', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const wrong = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await expect(createAccess({ publicKey: `${pem(pair())}\n${wrong}` })).rejects.toThrow(/not Ed25519 keys/);
    await expect(createAccess({ publicKey: 'nothing' })).rejects.toThrow(/not Ed25519 keys/);
  });
});
