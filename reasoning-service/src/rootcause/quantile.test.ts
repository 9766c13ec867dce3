import { expect, it } from '@jest/globals';
import { ascending, median, quantile } from './quantile.ts';

it('interpolates between neighbours', () => {
  expect(quantile([0, 10], 0.25)).toBe(2.5);
  expect(quantile([1, 2, 3], 0.5)).toBe(2);
});

it('leaves out what is no number, and has no median of nothing', () => {
  expect(ascending([3, Number.NaN, 1, Number.POSITIVE_INFINITY])).toEqual([1, 3]);
  expect(median([])).toBeNaN();
});
