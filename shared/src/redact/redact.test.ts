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

  it.each([
    'secret "db-login" not found; 0/3 nodes are available: 3 Insufficient cpu.',
    'cannot load secrets: operation error of the store: no such host',
    'could not get a token: dial tcp 10.0.0.7:443: connection refused',
  ])('leaves what people need to read: %s', (line) => expect(redact(line)).toBe(line));

  it.each([
    ['token=operation error', 'token=[redacted] error'],
    ['secret: operational', 'secret: [redacted]'],
    ['password: "error in it"', 'password: [redacted]'],
  ])('takes no secret for the words of an error: %s', (text, clean) => expect(redact(text)).toBe(clean));

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
