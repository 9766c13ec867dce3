import { expect, it } from '@jest/globals';
import { median, quantile, quantileOfSorted } from './quantile.ts';

it('interpolates between neighbours, in whatever order they are given', () => {
  expect(quantileOfSorted([0, 10], 0.25)).toBe(2.5);
  expect(quantile([3, 1, 2], 0.75)).toBe(2.5);
  expect(median([10, 2, 1])).toBe(2);
});

it('has no median of nothing', () => expect(median([])).toBeNaN());
