import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNats } from '@aetherius/shared/nats';
import { freePort } from '@aetherius/shared/service';
import { eventually, needs, silentLogger } from '@aetherius/shared/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { busUserOf, clusterSecrets, services } from '../src/cluster-secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const wanted = { folder: join(folder, 'kept'), namespace: 'aetherius' };
let first: Awaited<ReturnType<typeof clusterSecrets>>;
let again: typeof first;
// Once for all tests: each time signs a dozen tokens, which takes a second or two.
beforeAll(async () => {
  first = await clusterSecrets(wanted);
  // Tokens hold the second in which they were signed.
  await new Promise((resolve) => setTimeout(resolve, 1_001));
  again = await clusterSecrets({ ...wanted, databaseUrl: 'postgres://u:p@db/x' });
}, 60_000);

describe('the Secrets of an installation', () => {
  it('are made once, and hold what the chart asks for', () => {
    expect(first.map(({ metadata, stringData }) => [metadata.name, Object.keys(stringData).sort()])).toMatchObject([
      ['aetherius-auth', ['access-token.key', 'access-token.pub', 'bootstrap-token']],
      ['aetherius-nats', expect.arrayContaining(['agent-manager.creds', 'auth.conf'])],
      ['aetherius-database', ['password', 'url']],
    ]);
    expect(again[0]).toEqual(first[0]);
    expect(again[1]?.stringData['auth.conf']).toBe(first[1]?.stringData['auth.conf']);
    expect(statSync(wanted.folder).mode & 0o077).toBe(0);
    expect(JSON.stringify(first)).not.toContain('"keys.json"');
  });

  it('give one service a new key for the bus, and leave everything else as it was', async () => {
    const [users, secrets] = [
      () => services.map((service) => busUserOf(wanted.folder, service)),
      () => clusterSecrets(wanted),
    ];
    const [manager, orchestrator, reasoning] = users();
    const renewed = (await clusterSecrets({ ...wanted, renew: 'orchestrator-service' }))[1]?.stringData;
    expect(users()).toEqual([manager, expect.not.stringMatching(String(orchestrator)), reasoning]);
    expect(renewed).toMatchObject({ 'auth.conf': first[1]?.stringData['auth.conf'] });
    expect((await secrets())[1]?.stringData['orchestrator-service.creds']).toContain(
      String(renewed?.['orchestrator-service.creds']?.split('\n')[5]),
    );
  });

  it('take the address of a database that is there', () => {
    expect(again[2]?.stringData).toEqual({ url: 'postgres://u:p@db/x' });
  });
});

needs('nats')('a bus with these Secrets', () => {
  it('lets the services in, and nobody without credentials', async () => {
    const port = await freePort();
    const { 'auth.conf': auth = '', 'agent-manager.creds': creds = '' } = first[1]?.stringData ?? {};
    const config = join(folder, 'nats.conf');
    writeFileSync(join(folder, 'auth.conf'), auth.replaceAll('/data/', `${folder}/data/`));
    writeFileSync(join(folder, 'service.creds'), creds);
    writeFileSync(config, `port: ${port}\njetstream { store_dir: ${JSON.stringify(folder)} }\ninclude "auth.conf"\n`);
    const server = spawn(process.env['AETHERIUS_NATS_SERVER'] ?? '', ['--config', config], { stdio: 'ignore' });
    try {
      const open = (creds?: string) =>
        openNats({ url: `nats://127.0.0.1:${port}`, name: 'agent-manager', creds }, silentLogger());
      await eventually(async () => {
        const nats = await open(join(folder, 'service.creds'));
        expect(nats.connected()).toBe(true);
        await nats.stop();
      });
      await expect(open()).rejects.toThrow(/uthoriz/);
    } finally {
      server.kill('SIGTERM');
    }
  }, 60_000);
});
