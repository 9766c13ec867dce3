import { expect, it } from '@jest/globals';
import { anyOf } from './any-of.ts';

it('finds what any of the patterns finds, with their flags and one numbering of groups', () => {
  const pattern = anyOf(/host (\w+)/i, /port (\d+)|path (\w+)/i);
  expect(pattern.exec('HOST db')?.slice(1)).toEqual(['db', undefined, undefined]);
  expect(pattern.exec('Path home')?.slice(1)).toEqual([undefined, undefined, 'home']);
  expect(pattern.exec('nothing')).toBeNull();
});
