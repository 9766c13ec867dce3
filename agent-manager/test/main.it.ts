import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@aetherius/shared/service';
import {
  database,
  eventually,
  natsServer,
  needs,
  type TestDatabase,
  type TestNatsServer,
} from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const secret = 'aetherius_a-first-token-of-a-test';

needs('postgres', 'nats')('the service as a process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-manager-'));
  const [tokenFile, keyFile] = [join(folder, 'token'), join(folder, 'key.pem')];
  let test: TestDatabase;
  let server: TestNatsServer;
  let port: number;

  beforeAll(async () => {
    test = await database({ schema: 'agent_manager', migrations: new URL('../migrations/', import.meta.url) });
    server = await natsServer();
    port = await freePort();
    writeFileSync(tokenFile, `${secret}\n`, { mode: 0o600 });
    writeFileSync(keyFile, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), {
      mode: 0o600,
    });
  });
  afterAll(async () => {
    await server.stop();
    await test.drop();
    rmSync(folder, { recursive: true });
  });

  const start = (changes: Record<string, string> = {}) => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: test.url,
      NATS_URL: server.url,
      PORT: String(port),
      AETHERIUS_BOOTSTRAP_TOKEN_FILE: tokenFile,
      AUTH_PRIVATE_KEY_FILE: keyFile,
      ...changes,
    };
    const child = spawn(process.execPath, ['--conditions=source', main], { env });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      output += data;
    });
    return { child, output: () => output };
  };
  const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));

  it('starts, takes the first token, serves, and ends cleanly on SIGTERM', async () => {
    const { child, output } = start();
    const over = ended(child);
    await eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200), {
      within: 30_000,
    });
    const exchange = await fetch(`http://127.0.0.1:${port}/api/v1/access/token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
    });
    const { access_token, roles } = (await exchange.json()) as { access_token: string; roles: string[] };
    expect(roles).toEqual(['admin']);
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/clusters`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(await answer.json()).toEqual({ items: [] });
    const runbook = await fetch(`http://127.0.0.1:${port}/api/v1/alert-runbooks/AetheriusPostgresAway`);
    expect(runbook.headers.get('content-type')).toContain('text/plain');
    expect(await runbook.text()).toContain('curl -s $MANAGER/health/ready; told $SERVICE');
    expect((await fetch(`http://127.0.0.1:${port}/api/v1/alert-runbooks/Nothing`)).status).toBe(404);
    const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const figure = (name: string) => Number(new RegExp(`^${name}\\{[^}]*\\} (\\d+)`, 'm').exec(page)?.[1]);
    expect(figure('aetherius_database_server_connections')).toBeGreaterThan(0);
    expect(figure('aetherius_database_server_connections_limit')).toBeGreaterThan(
      figure('aetherius_database_server_connections'),
    );
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toContain('aetherius_manager_incidents_open{severity="critical",service="agent-manager"} 0');
    child.kill('SIGTERM');
    expect([await over, output()]).toEqual([0, expect.stringContaining('stopped')]);
    expect(output()).not.toContain(secret);
  }, 60_000);

  it('refuses a token file that others may read, and wrong settings, in one clear line', async () => {
    chmodSync(tokenFile, 0o644);
    const loose = start();
    expect(await ended(loose.child)).toBe(1);
    expect(loose.output()).toContain('it must be 0600');
    const wrong = start({ PORT: 'http', DATABASE_URL: 'mysql://x' });
    expect(await ended(wrong.child)).toBe(1);
    expect(wrong.output()).toMatch(/DATABASE_URL: .*PORT: /);
  }, 60_000);
});
