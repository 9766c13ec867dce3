import { describe, expect, it } from '@jest/globals';
import { createAllowance } from './allowance.ts';

describe('the allowance of bundles', () => {
  it('is one per object and minute', () => {
    const { take } = createAllowance({ perMinute: 60 });
    expect([take('a', 0), take('a', 59_999), take('b', 59_999), take('a', 60_000)]).toEqual([true, false, true, true]);
  });

  it('is bounded over all objects, in any minute', () => {
    const { take } = createAllowance({ perMinute: 3 });
    const taken = Array.from({ length: 20 }, (_, at) => take(`object-${at}`, at * 10_000));
    for (let from = 0; from <= 14; from += 1) {
      expect(taken.slice(from, from + 6).filter(Boolean).length).toBeLessThanOrEqual(3);
    }
    expect(taken.filter(Boolean).length).toBeGreaterThanOrEqual(9);
  });
});
