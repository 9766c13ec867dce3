import { describe, expect, it } from '@jest/globals';
import { createAllowance } from './allowance.ts';

const SECOND = 1_000;

describe('the allowance of bundles', () => {
  it('is one per object, reason and minute', () => {
    const { take } = createAllowance({ perMinute: 60 });
    expect([take('a', 'X', 0), take('a', 'X', 59_999), take('a', 'Y', 59_999), take('a', 'X', 60_000)]).toEqual([
      'granted',
      'enough',
      'granted',
      'granted',
    ]);
  });

  it('is bounded over all objects, in any minute, and owes the rest', () => {
    const { take } = createAllowance({ perMinute: 3 });
    const taken = Array.from({ length: 20 }, (_, at) => take(`object-${at}`, 'X', at * 10 * SECOND));
    for (let from = 0; from <= 14; from += 1) {
      expect(taken.slice(from, from + 6).filter((one) => one === 'granted').length).toBeLessThanOrEqual(3);
    }
    expect(taken.filter((one) => one === 'granted').length).toBeGreaterThanOrEqual(9);
    expect(new Set(taken)).toEqual(new Set(['granted', 'owed']));
  });

  it('keeps half for what has none yet, however often the rest is told', () => {
    const { take } = createAllowance({ perMinute: 4 });
    expect(take('a', 'first', 0)).toBe('granted');
    const more = ['second', 'third', 'fourth', 'fifth'].map((reason) => take('a', reason, SECOND));
    expect(more).toEqual(['granted', 'granted', 'owed', 'owed']);
    expect(take('b', 'first', 2 * SECOND)).toBe('granted');
    // What was told a while ago and is told again has its evidence.
    expect(take('a', 'second', 61 * SECOND)).toBe('granted');
    expect(take('a', 'third', 61 * SECOND)).toBe('granted');
    expect(take('a', 'first', 61 * SECOND)).toBe('enough');
  });

  it('calls an object new again after ten minutes', () => {
    const { take } = createAllowance({ perMinute: 2 });
    const ten = 600 * SECOND;
    expect([take('a', 'X', 0), take('b', 'X', ten), take('b', 'Y', ten), take('a', 'X', ten + 61 * SECOND)]).toEqual([
      'granted',
      'granted',
      'granted',
      'granted',
    ]);
  });
});
