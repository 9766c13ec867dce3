import { expect, it } from '@jest/globals';
import { aligned } from './align.ts';

it('takes the nearest sample within half a step, else a gap', () => {
  const samples = { times: [0, 60, 120, 300], values: [1, 2, 3, 4] };
  expect(aligned(samples, [10, 70, 120, 200, 310])).toEqual([1, 2, 3, Number.NaN, 4]);
});

it('has only gaps for a series without samples', () => {
  expect(aligned({ times: [], values: [] }, [1, 2])).toEqual([Number.NaN, Number.NaN]);
});
