import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsUserClaims, servicePermissions } from '@aetherius/shared/contracts';
import {
  credsText,
  ensureStreams,
  type Nats,
  openNats,
  type Signer,
  seedOf,
  signedJwt,
  signerOf,
} from '@aetherius/shared/nats';
import { eventually, needs, silentLogger } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startNatsServer } from '../src/backing/nats.ts';
import { createNatsAuth, type NatsAuth } from '../src/nats-auth.ts';
import type { Managed } from '../src/process.ts';

const SERVICE = 'agent-manager';

needs('nats')('the credentials of a service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-creds-'));
  const file = join(folder, 'service.creds');
  let auth: NatsAuth;
  let server: { url: string; process: Managed };
  let nats: Nats;

  /** A user that the server throws out after so many seconds, as it throws out one that was revoked. */
  const shortLived = (seconds: number): string => {
    const kept = JSON.parse(readFileSync(join(folder, 'keys', 'keys.json'), 'utf8')) as { account: string };
    const [account, seed] = [signerOf(kept.account, 'account') as Signer, seedOf(randomBytes(32), 'user')];
    const now = Math.floor(Date.now() / 1000);
    const nats = { ...natsUserClaims(servicePermissions(SERVICE)), type: 'user', version: 2 };
    const sub = (signerOf(seed, 'user') as Signer).publicKey;
    return credsText(signedJwt(account, { name: SERVICE, sub, iat: now, exp: now + seconds, nats }), seed);
  };
  const publish = (id: string) => nats.publish('internal.audit', { id }, { id });

  beforeAll(async () => {
    auth = await createNatsAuth(join(folder, 'keys'));
    server = await startNatsServer({
      binary: process.env['AETHERIUS_NATS_SERVER'] ?? '',
      trust: auth.trust,
      folder: join(folder, 'nats'),
      logFile: join(folder, 'log'),
      runFolder: folder,
    });
    writeFileSync(file, shortLived(6));
    nats = await openNats({ url: server.url, creds: file, name: SERVICE }, silentLogger());
    await ensureStreams(nats);
  }, 60_000);
  afterAll(async () => {
    await nats?.stop();
    await server?.process.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are read again when the old ones end, and a file that is broken for a moment does not end the service', async () => {
    await publish('with the old ones');
    const next = await auth.creds(SERVICE, servicePermissions(SERVICE));
    writeFileSync(file, 'half a fi');
    await eventually(async () => expect(nats.connected()).toBe(false), { within: 15_000 });
    copyFileSync(next, file);
    await eventually(() => publish('with the new ones'), { within: 20_000 });
    expect(nats.connected()).toBe(true);
  }, 60_000);
});
