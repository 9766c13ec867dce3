import { describe, expect, it } from '@jest/globals';
import { type RevokedKey, withRevocations } from './revoked-account.ts';

const now = new Date('2026-05-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const account = (revocations?: Record<string, number>, iat = seconds - 60) => ({
  sub: 'A',
  iat,
  nats: { type: 'account', limits: { conn: -1 }, ...(revocations === undefined ? {} : { revocations }) },
});
const key = (public_key: string, needed = true): RevokedKey => ({ public_key, revoked_at: now.toISOString(), needed });

describe('the account with its revocations', () => {
  it('shuts a key out for whatever was signed until five minutes after, and keeps all else', () => {
    const changed = withRevocations(account(), [key('U1')], now);
    expect(changed).toEqual({
      sub: 'A',
      iat: seconds,
      nats: { type: 'account', limits: { conn: -1 }, revocations: { U1: seconds + 300 } },
    });
  });

  it('says nothing when there is nothing new to say', () => {
    expect(withRevocations(account(), [], now)).toBeUndefined();
    expect(withRevocations(account({ U1: seconds + 300 }), [key('U1')], now)).toBeUndefined();
  });

  it('drops a key that cannot come back, and leaves alone what somebody else shut out', () => {
    const changed = withRevocations(account({ U1: 5, U2: 6, foreign: 7 }), [key('U1', false), key('U2')], now);
    expect(changed?.nats.revocations).toEqual({ foreign: 7, U2: seconds + 300 });
  });

  it('is never older than what the bus has, whatever the clocks say', () => {
    expect(withRevocations(account({}, seconds + 200), [key('U1')], now)?.iat).toBe(seconds + 200);
  });
});
