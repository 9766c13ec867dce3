import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '../cluster/command.ts';
import { root } from '../src/run.ts';

/** What the two that begin in plain text are told before TLS. */
const beginnings: Record<string, (socket: Socket) => Promise<void>> = {
  postgres: async (socket) => {
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write('S');
  },
  bus: async (socket) => {
    socket.write(
      `INFO ${JSON.stringify({ server_id: 'a', version: '2.15.0', proto: 1, headers: true, max_payload: 1_048_576, tls_required: true })}\r\n`,
    );
  },
};
const names = [
  ...['redis', 'neo4j', 'postgres', 'bus', 'anthropic', 'openai'],
  ...['webhook', 'collector', 'manager', 'prometheus'],
];

describe('an authority of our own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-authority-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'ca.crt')];
  const open: Server[] = [];
  let clients: ChildProcess | undefined;
  beforeAll(async () => {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    await runCommand('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', certificate]);
  });
  afterEach(() => {
    clients?.kill('SIGKILL');
    for (const server of open.splice(0)) server.close();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A server with a certificate of that authority: a client that trusts it goes on to speak, one that does not leaves. */
  async function meet(name: string): Promise<{ port: number; met: Promise<string> }> {
    const server = createServer();
    open.push(server);
    const met = new Promise<string>((resolve) => {
      server.on('connection', async (socket) => {
        socket.on('error', () => undefined);
        await beginnings[name]?.(socket);
        const secure = new TLSSocket(socket, {
          isServer: true,
          key: readFileSync(key),
          cert: readFileSync(certificate),
        });
        secure.on('error', () => undefined);
        secure.on('close', () => resolve('left'));
        secure.once('data', () => {
          resolve('spoke');
          secure.destroy();
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    return { port: (server.address() as AddressInfo).port, met };
  }

  async function meetAll(env: Record<string, string>): Promise<Record<string, string>> {
    const meetings = await Promise.all(names.map(async (name) => [name, await meet(name)] as const));
    const places = meetings.map(([name, { port }]) => `${name}=${port}`);
    const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', 'e2e/test/tls-clients.ts', ...places];
    clients = spawn('node', args, { cwd: root, env: { ...process.env, ...env }, stdio: 'ignore' });
    return Object.fromEntries(await Promise.all(meetings.map(async ([name, { met }]) => [name, await met])));
  }
  const all = (what: string) => Object.fromEntries(names.map((name) => [name, what]));

  it('is trusted by every client of ours where NODE_EXTRA_CA_CERTS names it', async () => {
    expect(await meetAll({ NODE_EXTRA_CA_CERTS: certificate })).toEqual(all('spoke'));
  }, 60_000);

  it('is trusted by none of them otherwise', async () => {
    expect(await meetAll({})).toEqual(all('left'));
  }, 60_000);
});
