import { describe, expect, it } from '@jest/globals';
import { type RevokedKey, signingKeysOf, type Wanted, wantedAccount } from './wanted-account.ts';

const now = new Date('2026-05-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const account = (revocations?: Record<string, number>, iat = seconds - 60) => ({
  sub: 'A',
  iat,
  iss: 'OLD',
  nats: {
    type: 'account',
    limits: { conn: -1 },
    signing_keys: ['K1'] as (string | { key: string })[],
    ...(revocations === undefined ? {} : { revocations }),
  },
});
const key = (public_key: string, needed = true): RevokedKey => ({ public_key, revoked_at: now.toISOString(), needed });
const wanted = (more: Partial<Wanted> = {}): Wanted => ({
  revoked: [],
  signingKey: 'K1',
  retired: [],
  formerSigner: undefined,
  ...more,
});
const revoking = (...revoked: RevokedKey[]) => wanted({ revoked });

describe('the account as it is wanted', () => {
  it('shuts a key out for whatever was signed until five minutes after, and keeps all else', () => {
    const changed = wantedAccount(account(), revoking(key('U1')), now);
    expect(changed).toEqual({
      sub: 'A',
      iss: 'OLD',
      iat: seconds,
      nats: { type: 'account', limits: { conn: -1 }, signing_keys: ['K1'], revocations: { U1: seconds + 300 } },
    });
  });

  it('says nothing when there is nothing new to say', () => {
    expect(wantedAccount(account(), wanted(), now)).toBeUndefined();
    expect(wantedAccount(account({ U1: seconds + 300 }), revoking(key('U1')), now)).toBeUndefined();
    expect(wantedAccount(account(), wanted({ retired: ['K0'], formerSigner: 'OLDER' }), now)).toBeUndefined();
  });

  it('drops a key that cannot come back, and leaves alone what somebody else shut out', () => {
    const changed = wantedAccount(account({ U1: 5, U2: 6, foreign: 7 }), revoking(key('U1', false), key('U2')), now);
    expect(changed?.nats.revocations).toEqual({ foreign: 7, U2: seconds + 300 });
  });

  it('is always younger than what the bus has, whatever the clocks say', () => {
    expect(wantedAccount(account({}, seconds + 200), revoking(key('U1')), now)?.iat).toBe(seconds + 201);
    expect(wantedAccount(account({}, seconds), revoking(key('U1')), now)?.iat).toBe(seconds + 1);
  });

  it('takes up the signing key of a manager beside that of another, and neither takes it out again', () => {
    const both = wantedAccount(account({ U1: 5 }), wanted({ signingKey: 'K2' }), now);
    expect(both?.nats).toMatchObject({ signing_keys: ['K1', 'K2'], revocations: { U1: 5 } });
    for (const signingKey of ['K1', 'K2'])
      expect(wantedAccount(both ?? account(), wanted({ signingKey }), now)).toBeUndefined();
  });

  it('takes a retired key out, also where a manager still signs by it, and one that gives certain rights only', () => {
    const scoped = account();
    scoped.nats.signing_keys = ['K2', { key: 'K1' }];
    expect(signingKeysOf(scoped)).toEqual(['K2', 'K1']);
    for (const signingKey of ['K1', 'K2'])
      expect(wantedAccount(scoped, wanted({ signingKey, retired: ['K1'] }), now)?.nats.signing_keys).toEqual(['K2']);
  });

  it('is signed anew when the key that signed it is about to go', () => {
    expect(wantedAccount(account(), wanted({ formerSigner: 'OLD' }), now)).toMatchObject({ iat: seconds });
  });
});
