import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NkeyKind, seedOf } from '@aetherius/shared/nats';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readIssuer } from './issuer.ts';

const folder = mkdtempSync(join(tmpdir(), 'aetherius-issuer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const seed = (kind: NkeyKind) => seedOf(randomBytes(32), kind);
const good = {
  account: `A${'B'.repeat(55)}`,
  account_signing_seed: seed('account'),
  operator_signing_seed: seed('operator'),
  system_user: { jwt: 'a.b.c', seed: seed('user') },
};
const written = (content: unknown, mode = 0o600): string => {
  const file = join(folder, 'issuer.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(file, mode);
  return file;
};

describe('the file of the issuer', () => {
  it('is read when only owner and group may read it', async () => {
    const issuer = await readIssuer(written(good, 0o440));
    expect(issuer).toMatchObject({ account: good.account, agents: { publicKey: expect.stringMatching(/^A/) } });
    expect(issuer.accounts.publicKey).toMatch(/^O/);
    expect(issuer.systemUser.signer().publicKey).toMatch(/^U/);
  });

  it.each([
    ['has mode 0644', good, 0o644],
    ['account_signing_seed is no seed of the kind account', { ...good, account_signing_seed: seed('user') }, 0o600],
    ['operator_signing_seed is no seed of the kind operator', { ...good, operator_signing_seed: 'SO' }, 0o600],
    ['system_user.seed is no seed of the kind user', { ...good, system_user: { jwt: 'x', seed: 'x' } }, 0o600],
    ['the public key of an operator', { ...good, former_operator_signing_key: 'AB' }, 0o600],
    ['account', { ...good, account: 'east' }, 0o600],
    ['is no JSON', '{"account": ', 0o600],
    ['is empty', '\n', 0o600],
    ['the file: must be of the type object, and is null', 'null', 0o600],
    ['account: is not set; account_signing_seed: is not set', {}, 0o600],
  ])('is refused with a reason: %s', async (reason, content, mode) => {
    await expect(readIssuer(written(content, mode))).rejects.toThrow(reason);
  });

  it('says so when it is not there', async () => {
    await expect(readIssuer(join(folder, 'none'))).rejects.toThrow(/NATS_ISSUER_FILE.*cannot be read/);
  });
});
