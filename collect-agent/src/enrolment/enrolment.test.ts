import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Enrolment, type EnrolmentRequest, enrolmentStatement } from '@aetherius/shared/contracts';
import { AetheriusError } from '@aetherius/shared/errors';
import { createLogger } from '@aetherius/shared/log';
import { signedBy } from '@aetherius/shared/nats';
import { systemClock as clock } from '@aetherius/shared/service';
import { eventually } from '@aetherius/shared/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { renewAfterMs, startEnrolment } from './enrolment.ts';
import { openKeyFile } from './key-file.ts';

const log = createLogger('test', 'silent');
const given = (request: EnrolmentRequest, lifetime_seconds: number): Enrolment => ({
  jwt: `jwt of ${request.public_key} at ${request.at}`,
  nats_urls: ['tls://bus.example.com:4222'],
  ca: null,
  expires_at: new Date().toISOString(),
  lifetime_seconds,
});
const refusal = (code: string) =>
  new AetheriusError({ code, title: 'No', status: 403, retryable: false }, { fields: [] });

describe('enrolment', () => {
  let folder: string;
  let keyFile: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aetherius-enrolment-'));
    keyFile = join(folder, 'spool', 'agent.nkey');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (answer: (request: EnrolmentRequest, asked: number) => Enrolment) => {
    const requests: EnrolmentRequest[] = [];
    const enrolment = startEnrolment({
      cluster: 'east',
      keyFile,
      token: async () => 'once',
      serviceAccount: async () => null,
      ask: async (request) => answer(request, requests.push(request)),
      clock,
      random: () => 0,
      log,
    });
    return { requests, enrolment };
  };

  it('makes a key that nobody else may read, proves that it holds it, and keeps it over a restart', async () => {
    const { requests, enrolment } = start((request) => given(request, 3_600));
    const { url, user } = await enrolment.wayIn;
    await enrolment.stop();
    const [request] = requests;
    if (request === undefined) throw new Error('nothing was asked');
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(signedBy(request.public_key, enrolmentStatement(request), Buffer.from(request.signature, 'base64url'))).toBe(
      true,
    );
    expect({ url, jwt: user?.jwt(), key: user?.signer().publicKey }).toEqual({
      url: 'tls://bus.example.com:4222',
      jwt: `jwt of ${request.public_key} at ${request.at}`,
      key: request.public_key,
    });
    expect((await openKeyFile(keyFile)).publicKey).toBe(request.public_key);
    expect(existsSync(`${keyFile}.new`)).toBe(false);
  });

  it('renews before the credentials end, and then signs in with the new ones', async () => {
    const { requests, enrolment } = start((request) => given(request, 0.3));
    const { user } = await enrolment.wayIn;
    const first = user?.jwt();
    await eventually(() => expect(requests.length).toBeGreaterThan(2));
    expect(user?.jwt()).not.toBe(first);
    expect(new Set(requests.map(({ public_key }) => public_key)).size).toBe(1);
    await enrolment.stop();
  });

  it('goes on asking, and says why it is not in', async () => {
    const { enrolment } = start((request, asked) => {
      if (asked < 2) throw refusal('enrolment_refused');
      return given(request, 3_600);
    });
    await eventually(() => expect(enrolment.state()).toContain('No'));
    await enrolment.wayIn;
    expect(enrolment.state()).toBe('ok');
    await enrolment.stop();
  });

  it('makes another key when its own was shut out, and waits longer before it knocks at the bus', async () => {
    const { requests, enrolment } = start((request, asked) => {
      if (asked === 2) throw refusal('key_revoked');
      return given(request, asked === 1 ? 0.1 : 3_600);
    });
    const way = await enrolment.wayIn;
    await eventually(() => expect(way.reconnectDelay?.()).toBe(15_000));
    await eventually(() => expect(requests).toHaveLength(3));
    const [first, second, third] = requests.map(({ public_key }) => public_key);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    await eventually(() => expect(way.user?.signer().publicKey).toBe(third));
    expect(readFileSync(keyFile, 'utf8').trim()).toMatch(/^SU[A-Z2-7]{56}$/);
    await enrolment.stop();
  });

  it('says that it was shut out for as long as it is, whatever its used token brings', async () => {
    const { requests, enrolment } = start((request, asked) => {
      if (asked === 2) throw refusal('key_revoked');
      if (asked > 2) throw refusal('enrolment_refused');
      return given(request, 0.1);
    });
    await enrolment.wayIn;
    await eventually(() => expect(requests.length).toBeGreaterThan(2));
    await eventually(() =>
      expect(enrolment.state()).toMatch(/^this agent was shut out and needs a new .* token: .*No/),
    );
    expect(enrolment.isShutOut()).toBe(true);
    await enrolment.stop();
  });

  it('says which file is damaged rather than making another key in silence', async () => {
    keyFile = join(folder, 'agent.nkey');
    writeFileSync(keyFile, 'SUNOKEY\n');
    await expect(openKeyFile(keyFile)).rejects.toThrow(/agent\.nkey.*damaged/);
  });

  it('renews around two thirds of the lifetime', () => {
    expect([renewAfterMs(3_600, 0), renewAfterMs(3_600, 1)].map((ms) => Math.round(ms / 1000))).toEqual([2_220, 2_580]);
  });
});
