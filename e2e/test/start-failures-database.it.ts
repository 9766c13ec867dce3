import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { sql } from '@aetherius/shared/postgres';
import { database, natsServer, needs, type TestDatabase, type TestNatsServer } from '@aetherius/shared/testing';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { root } from '../src/run.ts';
import { type Env, expectFailure, folder, keys, saidBy } from './failing-start.ts';

const opened: { server: Server; sockets: Socket[] }[] = [];

/** Something that listens and does this with whoever comes; answers its port. */
async function listener(greet: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({ server, sockets });
  return (server.address() as { port: number }).port;
}

afterEach(() => {
  for (const { server, sockets } of opened.splice(0)) {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A Postgres as far as asking for a password. */
function askForPassword(socket: Socket): void {
  const authentication = (kind: number, text: string) => {
    const body = Buffer.from(text, 'latin1');
    const head = Buffer.alloc(9, 'R');
    head.writeInt32BE(body.length + 8, 1);
    head.writeInt32BE(kind, 5);
    return Buffer.concat([head, body]);
  };
  const replies = [authentication(10, 'SCRAM-SHA-256\0\0'), authentication(11, 'r=nonce,s=c2FsdA==,i=4096')];
  socket.on('data', () => {
    const reply = replies.shift();
    if (reply !== undefined) socket.write(reply);
  });
}

needs('postgres', 'nats')('a service whose database does not let it in', () => {
  let [bus, store]: [TestNatsServer?, TestDatabase?] = [];
  beforeAll(async () => {
    bus = await natsServer();
    const migrations = new URL('../../agent-manager/migrations/', import.meta.url);
    store = await database({ schema: 'agent_manager', migrations });
  }, 60_000);
  afterAll(async () => {
    await bus?.stop();
    await store?.drop();
  });

  const refused = (env: Env, ...words: string[]) => {
    const good = { ...keys, DATABASE_URL: store?.url ?? '', NATS_URL: bus?.url ?? '', PORT: '0' };
    return expectFailure('agent-manager', { ...good, ...env }, [...words, 'way_out: ']);
  };
  const at = (port: number, more = '', user = 'a:secret-of-mine') => ({
    DATABASE_URL: `postgres://${user}@127.0.0.1:${port}/b${more}`,
  });

  // It took minutes before each try had an end.
  it('something that takes connections and says nothing', async () => {
    const port = await listener(() => undefined);
    await Promise.all([
      refused(at(port), `127.0.0.1:${port}/b`, 'nobody spoke Postgres at this address', 'set DATABASE_URL'),
      refused({ NATS_URL: `nats://127.0.0.1:${port}` }, 'nobody spoke NATS at this address', 'set NATS_URL'),
    ]);
  }, 40_000);

  it('a bus that is something else', async () => {
    const port = await listener((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    await refused({ NATS_URL: `nats://127.0.0.1:${port}` }, 'does not speak NATS', '4222');
    const curt = await listener((socket) => socket.end());
    await refused({ NATS_URL: `nats://127.0.0.1:${curt}` }, 'nobody spoke NATS at this address', 'cut at once', '4222');
  }, 40_000);

  it('a password that is asked for and not there', async () => {
    const missing = ['asks for a password, and there is none', 'give DATABASE_URL a password'];
    for (const user of ['a', 'a:']) await refused(at(await listener(askForPassword), '', user), ...missing);
  });

  it('an address that a password breaks, or of a kind that there is not', async () => {
    await refused({ DATABASE_URL: 'postgres://a:secret-of-mine/w@h/x' }, 'DATABASE_URL: ', 'escape the password');
    await refused({ DATABASE_URL: 'postgres://a:b@h/x?sslmode=foo' }, 'sslmode must be one of', 'verify-full');
  });

  it('a server without TLS, or files for it that are not there', async () => {
    const plain = await listener((socket) => socket.once('data', () => socket.write('N')));
    const { said } = await saidBy('agent-manager', { ...keys, ...at(plain, '?sslmode=require'), NATS_URL: 'nats://a' });
    expect(said).toContain('does not support SSL');
    expect(said).not.toContain('SECURITY WARNING');
    await refused(at(plain, '?sslmode=verify-full'), 'does not support SSL', 'switch TLS on at the server');
    await refused(at(plain, '?sslmode=verify-full&sslrootcert=/nowhere/ca.pem'), '/nowhere/ca.pem', 'set sslrootcert');
  });

  it('a user who has no connection left', async () => {
    const { db, url } = store as TestDatabase;
    const user = `many_${process.pid}`;
    const asUser = new URL(url);
    [asUser.username, asUser.password] = [user, 'secret-of-mine'];
    await db.run(sql`create role ${sql.raw(user)} login password 'secret-of-mine' connection limit 0`);
    try {
      await refused({ DATABASE_URL: asUser.href }, 'too many connections for role', 'raise max_connections');
    } finally {
      await db.run(sql`drop role ${sql.raw(user)}`);
    }
  }, 40_000);

  // All tables are there, so that nothing of the start would have to write.
  it('a database that lets it only read', async () => {
    const { db, url } = store as TestDatabase;
    const user = sql.raw(`reads_${process.pid}`);
    const asUser = new URL(url);
    [asUser.username, asUser.password] = [`reads_${process.pid}`, 'secret-of-mine'];
    await db.run(sql`create role ${user} superuser login password 'secret-of-mine'`);
    await db.run(sql`alter role ${user} set default_transaction_read_only = on`);
    try {
      const given = { DATABASE_URL: asUser.href };
      const words = ['read-only transaction', 'set DATABASE_URL to the primary'];
      await refused(given, ...words);
      await refused({ ...given, MIGRATIONS: 'expected' }, ...words);
    } finally {
      await db.run(sql`drop role ${user}`);
    }
  }, 40_000);

  it('a user who may not make or change the tables', async () => {
    const { db, url } = store as TestDatabase;
    const user = `bare_${process.pid}`;
    const { name } = await db.one<{ name: string }>(sql`select current_database() as name`);
    const asUser = new URL(url);
    [asUser.username, asUser.password] = [user, 'secret-of-mine'];
    const given = { DATABASE_URL: asUser.href };
    await db.run(sql`create role ${sql.raw(user)} login password 'secret-of-mine'`);
    try {
      const elsewhere = { ...given, DATABASE_SCHEMA: 'elsewhere' };
      const statement = `create schema elsewhere authorization ${user}; or grant create on database ${name} to ${user}`;
      await refused(elsewhere, `permission denied for database ${name}`, statement);
      const behind = ['lacks migrations', 'run the migrate-command'];
      await refused({ ...elsewhere, MIGRATIONS: 'expected' }, ...behind);
      const foreign = ['permission denied for schema agent_manager', `alter schema agent_manager owner to ${user}`];
      await refused(given, ...foreign);
      await refused({ ...given, MIGRATIONS: 'expected' }, ...foreign);
      await db.run(sql`grant usage on schema agent_manager to ${sql.raw(user)}`);
      await db.run(sql`grant select on all tables in schema agent_manager to ${sql.raw(user)}`);
      const read = ['permission denied for table', `alter schema agent_manager owner to ${user}, and the tables in it`];
      await refused(given, ...read);
      await refused({ ...given, MIGRATIONS: 'expected' }, ...read);
      await db.run(sql`revoke all on all tables in schema agent_manager from ${sql.raw(user)}`);
      await db.run(sql`revoke all on schema agent_manager from ${sql.raw(user)}`);
      await db.run(sql`alter role ${sql.raw(user)} set default_transaction_read_only = on`);
      await refused(elsewhere, 'read-only transaction', 'set DATABASE_URL to the primary');
    } finally {
      await db.run(sql`drop role ${sql.raw(user)}`);
    }
  }, 40_000);
});

it('the command that makes the secrets takes no address that cannot work', () => {
  const secrets = (address: string) =>
    spawnSync(
      process.execPath,
      [
        '--conditions=source',
        '--disable-warning=ExperimentalWarning',
        join(root, 'local/src/secrets-command.ts'),
        ...['--folder', join(folder, 'kept'), '--database-url', address],
      ],
      { encoding: 'utf8' },
    );
  const told = (address: string) => secrets(address).stderr.split('\n')[0];
  expect(told('postgres://a:secret-of-mine/w@h/x')).toMatch(/^--database-url: cannot be read: escape the password/);
  expect(told('postgres://a:@h/x')).toMatch(/^--database-url: the password is empty/);
  expect(secrets('postgres://a:b@h/x').status).toBe(0);
}, 40_000);
