import { expect, it } from '@jest/globals';
import { isCounter, rateOf } from './counter.ts';

const times = [0, 10_000, 20_000, 30_000, 40_000];

it('knows a counter by its name and its run', () => {
  expect(isCounter('cpu_seconds_total', { times, values: [1, 3, 5, 7, 9] })).toBe(true);
  expect(isCounter('cpu_seconds_total', { times, values: [3, 1, 4, 1, 5] })).toBe(false);
  expect(isCounter('memory_bytes', { times, values: [1, 3, 5, 7, 9] })).toBe(false);
});

it('gives the rate per second, with a gap where the counter starts anew', () => {
  expect(rateOf({ times, values: [0, 20, 60, 5, 25] }).values).toEqual([Number.NaN, 2, 4, Number.NaN, 2]);
});
