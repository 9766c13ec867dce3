import { describe, expect, it } from '@jest/globals';
import { backOffMs } from './back-off.ts';

describe('back-off', () => {
  it('doubles up to a minute, half of it by chance', () => {
    expect([0, 1, 2, 7, 50].map((failures) => [backOffMs(failures, 0), backOffMs(failures, 1)])).toEqual([
      [250, 500],
      [500, 1000],
      [1000, 2000],
      [30_000, 60_000],
      [30_000, 60_000],
    ]);
  });
});
