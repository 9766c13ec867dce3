import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redact, redactDeep } from './index.ts';

describe('redact', () => {
  it.each([
    ['password=hunter2 ok', 'password=[redacted] ok'],
    ['{"api_key": "abc123"}', '{"api_key": [redacted]}'],
    ['postgres://user:s3cret@db:5432/x', 'postgres://user:[redacted]@db:5432/x'],
    ['Authorization: Bearer abcdefghijkl', 'Authorization: Bearer [redacted]'],
    ['key AKIAABCDEFGHIJKLMNOP used', 'key [redacted] used'],
    ['a\u0000b\u001b[31m', 'ab[31m'],
  ])('%s', (text, clean) => expect(redact(text)).toBe(clean));

  it('leaves what people need to read', () => {
    const line = 'secret "db-login" not found; 0/3 nodes are available: 3 Insufficient cpu.';
    expect(redact(line)).toBe(line);
  });

  it('reaches every string of a value and changes nothing on a second pass', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = redactDeep(value);
        expect(redactDeep(once)).toEqual(once);
      }),
    );
    expect(redactDeep({ a: ['token: abcdef'] })).toEqual({ a: ['token: [redacted]'] });
  });
});
