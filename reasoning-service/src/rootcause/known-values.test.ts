import { expect, it } from '@jest/globals';
import { knownAscending, medianOfKnown } from './known-values.ts';

it('leaves out what is no number, and has no median of nothing', () => {
  expect(knownAscending([3, Number.NaN, 1, Number.POSITIVE_INFINITY])).toEqual([1, 3]);
  expect(medianOfKnown([3, Number.NaN, 1])).toBe(2);
  expect(medianOfKnown([])).toBeNaN();
});
