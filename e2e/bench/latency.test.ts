import { describe, expect, it } from '@jest/globals';
import { p50AndP99, quantile } from './latency.ts';

describe('latency', () => {
  it('is a value that was measured, and exceeded by no more than the rest', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([quantile(hundred, 0.5), quantile(hundred, 0.99), quantile(hundred, 1)]).toEqual([50, 99, 100]);
    expect(quantile([7], 0.01)).toBe(7);
    expect(hundred[0]).toBe(100);
  });

  it('says nothing of nothing', () => {
    expect(p50AndP99([])).toEqual({ p50_ms: null, p99_ms: null });
    expect(p50AndP99([1.26, 9])).toEqual({ p50_ms: 1.3, p99_ms: 9 });
  });
});
