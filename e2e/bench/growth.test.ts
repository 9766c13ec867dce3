import { describe, expect, it } from '@jest/globals';
import { growthExponent } from './growth.ts';

const points = (cost: (size: number) => number) => [100, 1_000, 10_000].map((size) => ({ size, cost: cost(size) }));

describe('growth', () => {
  it('is the power of the size by which a cost grows', () => {
    expect(growthExponent(points(() => 5))).toBeCloseTo(0);
    expect(growthExponent(points((size) => 3 * size))).toBeCloseTo(1);
    expect(growthExponent(points((size) => size ** 2 / 7))).toBeCloseTo(2);
  });

  it('is unknown without two sizes that cost something', () => {
    expect(growthExponent([{ size: 100, cost: 5 }])).toBeNull();
    expect(
      growthExponent([
        { size: 100, cost: 5 },
        { size: 1_000, cost: 0 },
      ]),
    ).toBeNull();
  });
});
