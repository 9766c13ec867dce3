import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { medianOfKnown } from './known-values.ts';
import { prefixCosts } from './split-cost.ts';

const slowly = (values: readonly number[]): number[] =>
  values.map((_, at) => {
    const prefix = values.slice(0, at + 1);
    const middle = medianOfKnown(prefix);
    return prefix.reduce((sum, value) => sum + Math.abs(value - middle), 0);
  });

it('gives the cost of every prefix that a sum over all distances gives', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 40 }), (values) => {
      const fast = prefixCosts(values);
      slowly(values).forEach((cost, at) => {
        expect(fast[at]).toBeCloseTo(cost, 6);
      });
    }),
  );
});
