import { describe, expect, it } from '@jest/globals';
import { createRateLimit } from './rate-limit.ts';

const limit = () => {
  const time = { ms: 0 };
  return { time, allowed: createRateLimit({ perSecond: 2, burst: 3, now: () => time.ms }) };
};

describe('the rate limit', () => {
  it('allows a burst, then so many a second', () => {
    const { time, allowed } = limit();
    const seen = () => [allowed('a'), allowed('a'), allowed('a'), allowed('a')];
    expect(seen()).toEqual([true, true, true, false]);
    time.ms = 1_000;
    expect(seen()).toEqual([true, true, false, false]);
    time.ms = 3_600_000;
    expect(seen()).toEqual([true, true, true, false]);
  });

  it('counts each caller apart', () => {
    const { allowed } = limit();
    for (let asked = 0; asked < 5; asked += 1) allowed('greedy');
    expect([allowed('greedy'), allowed('modest')]).toEqual([false, true]);
  });

  it('forgets the caller that was not heard for longest when there are too many', () => {
    const { allowed } = limit();
    for (let asked = 0; asked < 5; asked += 1) allowed('first');
    for (let caller = 0; caller < 10_000; caller += 1) allowed(`caller-${caller}`);
    expect(allowed('first')).toBe(true);
  });
});
