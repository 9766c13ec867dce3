import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { servicePermissions } from '@aetherius/shared/contracts';
import { openNats } from '@aetherius/shared/nats';
import { sql } from '@aetherius/shared/postgres';
import { freePort } from '@aetherius/shared/service';
import {
  database,
  natsServer,
  needs,
  silentLogger,
  type TestDatabase,
  type TestNatsServer,
} from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeAuthority, makeCertificate } from '../../local/src/certificates.ts';
import { createNatsAuth, natsServerConfig } from '../../local/src/nats-auth.ts';
import { endNats, natsBinary, startNats } from '../../shared/src/testing/nats-server.ts';
import { central, type Env, expectFailure, file, folder, keys, type Service, startService } from './failing-start.ts';

afterAll(() => rmSync(folder, { recursive: true }));

needs('postgres', 'nats')('a service that cannot start says why, what to do, and ends with an error', () => {
  let bus: TestNatsServer;
  const databases: Partial<Record<Service, TestDatabase>> = {};
  let taken: Server;

  beforeAll(async () => {
    bus = await natsServer();
    for (const service of central)
      databases[service] = await database({
        schema: service.replaceAll('-', '_'),
        migrations: new URL(`../../${service}/migrations/`, import.meta.url),
      });
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, resolve));
  }, 60_000);
  afterAll(async () => {
    taken.close();
    await bus.stop();
    for (const test of Object.values(databases)) await test.drop();
  });

  const good = (service: Service): Env => ({
    ...keys,
    DATABASE_URL: databases[service]?.url ?? '',
    NATS_URL: bus.url,
    PORT: '0',
  });
  const takenPort = () => String((taken.address() as { port: number }).port);

  it.each(central)('%s without a secret', async (service) => {
    const key = service === 'agent-manager' ? 'AUTH_PRIVATE_KEY_FILE' : 'AUTH_PUBLIC_KEY_FILE';
    const absent = ['DATABASE_URL: is not set', 'NATS_URL: is not set', `${key}: is not set`];
    await expectFailure(service, { PORT: '0' }, absent);
    await expectFailure(service, { ...good(service), [key]: '/nowhere/key' }, [
      `${key}: /nowhere/key`,
      'cannot be read',
    ]);
    const wrong = { ...good(service), DATABASE_URL: 'db:5432' };
    await expectFailure(service, wrong, ['DATABASE_URL: ', 'a postgres:// address']);
  });

  it.each(central)('%s on a port that is taken', (service) =>
    expectFailure(service, { ...good(service), PORT: takenPort() }, [
      takenPort(),
      'the port is taken',
      'way_out: end the other program, or set PORT',
    ]),
  );

  // What follows is the work of the kit, the same for all of them.
  const kit = (env: Env, words: readonly string[]) =>
    expectFailure('agent-manager', { ...good('agent-manager'), ...env }, words);
  const managersDatabase = () => databases['agent-manager'] as TestDatabase;

  it('without the credentials that it was given', async () => {
    await kit({ NATS_CREDS: '/nowhere/creds' }, ['NATS_CREDS: /nowhere/creds', 'cannot be read', 'way_out']);
    const refused = ['correct user, password and database in DATABASE_URL'];
    const url = new URL(managersDatabase().url);
    url.password = 'not-the-password';
    // A database that trusts whoever comes from here knows no wrong password, but a wrong name.
    url.pathname = '/no_such_database';
    await kit({ DATABASE_URL: url.href }, refused);
  });

  it('with an address where nothing is, which is told without its password', async () => {
    const closed = await freePort();
    const [store, bus_] = [`postgres://a:secret-of-mine@127.0.0.1:${closed}/b`, `nats://127.0.0.1:${closed}`];
    const said = await Promise.all([
      kit({ DATABASE_URL: store }, [`127.0.0.1:${closed}/b`, 'ECONNREFUSED', 'set DATABASE_URL']),
      kit({ NATS_URL: bus_ }, [bus_, 'set NATS_URL']),
    ]);
    // At once, and not only when it gives up.
    expect(said.map((text) => text.match(/"waiting for [^"]*"/g))).toEqual([
      ['"waiting for the database, at most 15 s"'],
      ['"waiting for the bus, at most 15 s"'],
    ]);
  }, 60_000);

  it.each(central)('%s with an address of the bus that is of something else', (service) =>
    expectFailure(service, { ...good(service), NATS_URL: 'http://127.0.0.1:4222' }, ['NATS_URL: must be', 'nats://']),
  );

  it('with more copies of a stream than there are servers of the bus', async () => {
    await kit({ BUS_REPLICAS: '2' }, ['BUS_REPLICAS: ']);
    await kit({ BUS_REPLICAS: '3' }, ['BUS_REPLICAS: 3', 'cannot have 3 copies', 'set BUS_REPLICAS to no more than']);
  });

  it('on a bus whose certificate it does not take', async () => {
    const made = { serial: Buffer.alloc(16, 1), now: new Date(), days: 2 };
    const [ours, other, namesake] = ['ours', 'another', 'ours'].map((name) => makeAuthority({ ...made, name }));
    if (ours === undefined || other === undefined || namesake === undefined) throw new Error('no authorities');
    const withCertificate = (wanted: object) => {
      const { certificate, key } = makeCertificate(ours, { ...made, name: 'bus', hosts: ['localhost'], ...wanted });
      return natsServer(
        () => `tls { cert_file: "${file('bus.crt', certificate)}", key_file: "${file('bus.key', key)}" }`,
      );
    };
    const start = ({ url }: TestNatsServer, authority: string, words: readonly string[]) => {
      const port = new URL(url).port;
      const trust = { NODE_EXTRA_CA_CERTS: file('trust.crt', authority) };
      return kit({ ...trust, NATS_URL: `tls://localhost:${port}` }, [`tls://localhost:${port}`, ...words]);
    };
    const missing = ['unable to verify the first certificate', 'to the file of NODE_EXTRA_CA_CERTS'];
    const tls = await withCertificate({});
    const elsewhere = await withCertificate({ hosts: ['bus.example.com'] });
    const old = await withCertificate({ now: new Date('2020-01-01') });
    try {
      await start(tls, other.certificate, missing);
      // Made anew under the same name: the file looks right.
      await start(tls, namesake.certificate, ['signature', 'to the file of NODE_EXTRA_CA_CERTS']);
      await start(elsewhere, ours.certificate, ['bus.example.com', 'a name that its certificate has']);
      await start(old, ours.certificate, ['certificate has expired', 'renew the certificate']);
      // What an agent was told by the manager counts in place of its own trust.
      const url = `tls://localhost:${new URL(tls.url).port}`;
      await expect(openNats({ url, ca: other.certificate, name: 'agent' }, silentLogger())).rejects.toThrow(
        /unable to verify the first certificate, way_out: .* NATS_CA_FILE of the agent-manager/,
      );
    } finally {
      for (const bus of [tls, elsewhere, old]) await bus.stop();
    }
  });

  it('on a database whose certificate it does not take', async () => {
    const made = { name: 'a', hosts: ['localhost'], serial: Buffer.alloc(16, 1), now: new Date(), days: 2 };
    const { certificate: cert, key } = makeCertificate(makeAuthority(made), made);
    const server = createServer((socket) =>
      socket.once('data', () => {
        socket.write('S');
        new TLSSocket(socket, { isServer: true, cert, key }).on('error', () => undefined);
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, resolve));
    const { port } = server.address() as { port: number };
    const url = `postgres://a:secret-of-mine@localhost:${port}/b?sslmode=verify-full`;
    try {
      await kit({ DATABASE_URL: url }, ['self-signed certificate', 'to the file of NODE_EXTRA_CA_CERTS']);
    } finally {
      server.close();
    }
  });

  it('on a NATS without JetStream', async () => {
    const port = await freePort();
    const args = ['-a', '127.0.0.1', '-p', String(port)];
    const plain = spawn(process.env['AETHERIUS_NATS_SERVER'] ?? '', args, { stdio: 'ignore' });
    try {
      await kit({ NATS_URL: `nats://127.0.0.1:${port}` }, ['JetStream', 'start nats-server with -js']);
    } finally {
      plain.kill();
    }
  });

  it('on a NATS whose JetStream has less memory than the account reserves', async () => {
    const { trust, creds } = await createNatsAuth(join(folder, 'little'));
    const given = await creds('agent-manager', servicePermissions('agent-manager'));
    const [port, monitorPort] = [await freePort(), await freePort()];
    const places = { storeFolder: join(folder, 'little-js'), accountsFolder: join(folder, 'little-accounts') };
    const config = natsServerConfig({ trust, port, monitorPort, ...places, syncAlways: false });
    const less = config.replace(/max_mem: \d+/, 'max_mem: 128MB');
    expect(less).not.toBe(config);
    const little = await startNats(natsBinary(), file('little.conf', less), monitorPort);
    try {
      const env = { NATS_URL: `nats://127.0.0.1:${port}`, NATS_CREDS: given };
      await kit(env, ['JetStream is not enabled', 'memory as this account reserves', '256MB or more']);
    } finally {
      await endNats(little, 'SIGTERM');
    }
  });

  it.each(['orchestrator-service', 'reasoning-service'] as const)('%s stopped while it waits', async (service) => {
    const empty = await natsServer();
    const child = startService(service, { ...good(service), NATS_URL: empty.url });
    let said = '';
    child.stdout.on('data', (chunk) => {
      if (!said.includes('waiting for') && `${said}${chunk}`.includes('waiting for')) child.kill('SIGTERM');
      said += chunk;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    await empty.stop();
    expect(said.match(/waiting for the streams of the bus/g)).toHaveLength(1);
    expect(said).toContain('start agent-manager, which makes the streams');
    expect(said).not.toMatch(/"fatal"|"stack"/);
    expect(code).toBe(0);
  });

  it('on a database of a newer version, or one whose migrations were edited', async () => {
    const { db } = managersDatabase();
    await db.run(sql`insert into migration (name, checksum) values ('9999_later.sql', 'x')`);
    await kit({}, ['9999_later.sql', 'start the version that made them']);
    await db.run(sql`delete from migration where name = '9999_later.sql'`);
    await db.run(sql`update migration set checksum = 'x' where name = (select min(name) from migration)`);
    await kit({}, ['.sql', 'edited', 'put the file back']);
  });

  it('the agent without a way to a cluster, with a policy that is not there, or on a taken port', async () => {
    const agent = {
      CLUSTER_ID: 'a',
      NATS_URL: bus.url,
      SPOOL_DIR: join(folder, 'spool'),
      PORT: '0',
      LEADER: 'lock_file',
    };
    await expectFailure('collect-agent', { ...agent, NATS_URL: 'redis://a' }, ['NATS_URL: must be', 'nats://']);
    await expectFailure('collect-agent', agent, ['no way to a cluster', 'set KUBE_SERVER, KUBECONFIG']);
    const attached = { ...agent, KUBE_SERVER: 'http://127.0.0.1:1' };
    await expectFailure('collect-agent', { ...attached, POLICY_FILE: '/nowhere/policy' }, ['/nowhere/policy']);
    const spool = join(file('no-folder'), 'spool');
    const unusable = (path: string) => [`SPOOL_DIR: ${path}`, 'mkdir', 'way_out: set it to a folder'];
    await expectFailure('collect-agent', { ...attached, SPOOL_DIR: spool }, unusable(spool));
    // Node's own way of making all of a path did not end there.
    await expectFailure('collect-agent', { ...attached, SPOOL_DIR: '/proc/x' }, unusable('/proc/x'));
    await expectFailure('collect-agent', { ...attached, PORT: takenPort() }, [
      'the port is taken',
      'way_out: end the other program, or set PORT',
    ]);
  });
});
