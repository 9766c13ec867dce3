import { expect, it } from '@jest/globals';
import { unstorable } from './unstorable.ts';

it('names the field that Postgres could not keep', () => {
  expect(unstorable({ a: [{ b: 'x\0y' }] })).toBe('a.0.b');
  expect(unstorable({ a: '\ud800' })).toBe('a');
  expect(unstorable({ 'k\0': 1 })).toBe('k\0');
  expect(unstorable({ a: 'ok \u{1f600}', b: null, c: 1 })).toBeUndefined();
});
