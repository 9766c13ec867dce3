import { expect, it } from '@jest/globals';
import { createRecent } from './recent.ts';

const at = (ms: number) => new Date(ms);

it('reads once for all that ask before an answer is old, whichever way the clock goes', async () => {
  const recent = createRecent<number>({ forMs: 100, most: 10 });
  let reads = 0;
  const read = async () => ++reads;
  const times = [1_000, 1_099, 901, 1_100, 1_000];
  const answers = await Promise.all(times.map((ms) => recent('a', at(ms), read)));
  expect(answers).toEqual([1, 1, 1, 2, 3]);
  expect(await recent('b', at(1_000), read)).toBe(4);
});

it('does not keep what failed', async () => {
  const recent = createRecent<number>({ forMs: 100, most: 10 });
  await expect(recent('a', at(0), () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await recent('a', at(0), async () => 1)).toBe(1);
});

it('lets go of the oldest key', async () => {
  const recent = createRecent<string>({ forMs: 100, most: 2 });
  for (const key of ['a', 'b', 'c']) await recent(key, at(0), async () => 'first');
  const again = (key: string) => recent(key, at(0), async () => 'again');
  expect([await again('c'), await again('b'), await again('a')]).toEqual(['first', 'first', 'again']);
});
