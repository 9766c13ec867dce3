import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { baselineOf, deviation, scaleOf, spreadOf, windowScore } from './deviation.ts';
import { medianOfKnown } from './known-values.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 4, maxLength: 60 });

describe('baseline', () => {
  it('estimates the standard deviation of normal noise from its quartiles', () => {
    const normal = Array.from({ length: 999 }, (_, at) => {
      const uniform = (at + 0.5) / 999;
      return Math.log(uniform / (1 - uniform)) / 1.702;
    });
    expect(spreadOf(baselineOf(normal))).toBeGreaterThan(0.9);
    expect(spreadOf(baselineOf(normal))).toBeLessThan(1.1);
  });

  it('moves with the data and grows with it', () => {
    fc.assert(
      fc.property(
        values,
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        fc.integer({ min: 1, max: 8 }),
        (list, shift, factor) => {
          const plain = baselineOf(list);
          const moved = baselineOf(list.map((value) => value * factor + shift));
          expect(moved.median).toBeCloseTo(plain.median * factor + shift, 3);
          expect(spreadOf(moved)).toBeCloseTo(spreadOf(plain) * factor, 3);
        },
      ),
    );
  });

  it('leaves gaps out', () => {
    expect(baselineOf([1, Number.NaN, 3])).toEqual(baselineOf([1, 3]));
  });
});

describe('scale', () => {
  it('never falls below the share of the level, nor below the floor of the unit', () => {
    const still = baselineOf([10, 10, 10, 10]);
    expect(scaleOf(still, { relative: 0.05, absolute: 0 })).toBe(0.5);
    expect(scaleOf(still, { relative: 0.05, absolute: 2 })).toBe(2);
  });
});

describe('deviation', () => {
  it('is positive only in the bad direction', () => {
    expect(deviation(4, 2, 'up')).toBe(2);
    expect(deviation(-4, 2, 'up')).toBe(-2);
    expect(deviation(-4, 2, 'down')).toBe(2);
    expect(deviation(-4, 2, 'both')).toBe(2);
  });

  it('is 0 for a series that stands still without any scatter', () => {
    expect(deviation(0, 0, 'up')).toBe(0);
  });
});

describe('score of a window', () => {
  it('takes the second largest of few samples, so that one outlier is no fault', () => {
    expect(windowScore([0, 90, 3, Number.NaN])).toBe(3);
    expect(windowScore([7])).toBe(7);
    expect(windowScore([])).toBe(0);
  });

  it('takes the median of many', () => {
    const many = [...Array.from({ length: 20 }, () => 5), 900, 900];
    expect(windowScore(many)).toBe(medianOfKnown(many));
  });
});
