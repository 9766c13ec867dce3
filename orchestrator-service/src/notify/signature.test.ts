import { describe, expect, it } from '@jest/globals';
import { signatureOf } from './signature.ts';

describe('signatureOf', () => {
  it('changes with the secret, the time and the body, and with nothing else', () => {
    const at = { timestamp: '1', body: '{}' };
    const signature = signatureOf('a secret of sixteen', at);
    expect(signature).toMatch(/^sha256=[0-9a-f]{64}$/);
    expect(signatureOf('a secret of sixteen', { ...at })).toBe(signature);
    const others = [
      signatureOf('another secret', at),
      signatureOf('a secret of sixteen', { ...at, timestamp: '2' }),
      signatureOf('a secret of sixteen', { ...at, body: '[]' }),
    ];
    expect(others).not.toContain(signature);
  });
});
