import { describe, expect, it } from '@jest/globals';
import { timeTo, trendOf, valueAfter } from './trend.ts';

const hour = 3600;
const line = (values: readonly number[]) => values.map((value, at) => ({ at: at * hour, value }));

describe('a history that is an exact line', () => {
  it.each([
    ['in whole percent', [30, 33, 36, 39, 42, 45, 48, 51, 54, 57, 60, 63], 0.5],
    ['with one decimal place', [3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5, 8, 8.5], 0.05],
    ['that does not rise', [40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40, 40], 0.5],
  ])('%s is known no better than its figures were rounded', (_, values, half) => {
    const trend = trendOf(line(values), 100);
    if (trend === undefined) throw new Error('no trend');
    const { value, low, high } = valueAfter(trend, hour);
    expect(value - low).toBeCloseTo(half);
    expect(high - value).toBeCloseTo(half);
    const left = timeTo(100, trend);
    if (left.value !== null) {
      expect(left.low).toBeLessThan(left.value);
      expect(left.high).toBeGreaterThan(left.value);
    }
  });
});
