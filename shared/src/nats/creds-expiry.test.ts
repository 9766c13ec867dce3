import { describe, expect, it } from '@jest/globals';
import { credsExpiry } from './creds-expiry.ts';

const credsWith = (payload: string): string =>
  `-----BEGIN NATS USER JWT-----\nhead.${Buffer.from(payload).toString('base64url')}.signature\n------END NATS USER JWT------\n`;

describe('credsExpiry', () => {
  it('reads the end of a user JWT', () => {
    expect(credsExpiry(credsWith('{"exp":1790000000,"sub":"U"}'))).toBe(1_790_000_000);
  });
  it.each([
    ['without an end', credsWith('{"sub":"U"}')],
    ['with an end that is no time', credsWith('{"exp":"soon"}')],
    ['with a payload that is not JSON', credsWith('not json')],
    ['that is something else', 'SUAB…'],
  ])('knows no end of a file %s', (_what, text) => {
    expect(credsExpiry(text)).toBeUndefined();
  });
});
