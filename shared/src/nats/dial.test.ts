import { describe, expect, it } from '@jest/globals';
import { whyOut } from './dial.ts';

const why = (message: string, url = 'nats://bus:4222') => whyOut(new Error(message), { url });

describe('why the bus does not let us in', () => {
  it.each([
    ['timeout', false, 'nobody spoke NATS at this address'],
    ['unexpected response from server', true, 'does not speak NATS'],
    ['error connecting - node provided an undefined error', false, 'nobody spoke NATS at this address'],
    ["server does not support 'tls'", true, "does not support 'tls'"],
    ['Authorization Violation', true, 'Authorization Violation'],
    ['connect ECONNREFUSED 127.0.0.1:4222', false, 'ECONNREFUSED'],
  ])('%s: waiting is %s in vain', (message, lasting, words) => {
    const told = why(message);
    expect(told).toMatchObject({ lasting, reason: expect.stringContaining(words) });
    expect(told.way_out).not.toContain('8222');
  });

  it('names whose credentials are refused', () => {
    const user = { jwt: () => '', signer: () => ({}) as never, wayIn: 'set NATS_ISSUER_FILE' };
    const told = (message: string) => whyOut(new Error(message), { url: 'nats://bus:4222', user }).way_out;
    expect(told('Authorization Violation')).toBe('set NATS_ISSUER_FILE');
    expect(told('timeout')).toContain('set NATS_URL');
    expect(why('Authorization Violation').way_out).toContain('NATS_CREDS');
  });

  it('names the monitoring port where that was taken', () => {
    expect(why('timeout', 'nats://a:4222,nats://b:8222').way_out).toContain('8222 is the monitoring port');
    expect(why('timeout', 'nats://bus:18222').way_out).not.toContain('monitoring');
    // Somebody may well have put the clients there.
    expect(why('connect ECONNREFUSED', 'nats://bus:8222').way_out).not.toContain('monitoring');
  });
});
