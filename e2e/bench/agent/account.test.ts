import { describe, expect, it } from '@jest/globals';
import { accountOf, slopeOver } from './account.ts';

const written = new Map([
  [1, 100],
  [2, 200],
  [3, 300],
]);

describe('accountOf', () => {
  it('finds each warning once, with the time that it took', () => {
    const stored = [1, 2, 3].map((number) => ({ number, at: number * 100 + 7 }));
    expect(accountOf({ written, stored, cut: 0 })).toEqual({
      published: 3,
      doubled: 0,
      dropped_uncounted: 0,
      latencies: [7, 7, 7],
    });
  });

  it('tells what was cut and counted from what vanished, and what came twice', () => {
    const once = [{ number: 1, at: 110 }];
    expect(accountOf({ written, stored: once, cut: 2 })).toMatchObject({ published: 1, dropped_uncounted: 0 });
    expect(accountOf({ written, stored: once, cut: 1 })).toMatchObject({ published: 1, dropped_uncounted: 1 });
    expect(accountOf({ written, stored: [...once, ...once], cut: 2 })).toMatchObject({ published: 1, doubled: 1 });
  });
});

describe('slopeOver', () => {
  it('is what memory gained from the first sample to the last, whatever it did between', () => {
    expect(slopeOver([10, 11, 12, 13, 14])).toBeCloseTo(4);
    expect(slopeOver([100, 110, 100, 110, 100])).toBeCloseTo(0);
  });
});
