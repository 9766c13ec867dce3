import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newSetSize, oldSetSizes, rolloutBounds } from './rollout-rules.ts';

describe('bounds of a rolling update', () => {
  it.each([
    [4, {}, { maxSurge: 1, maxUnavailable: 1 }],
    [3, {}, { maxSurge: 1, maxUnavailable: 0 }],
    [1, {}, { maxSurge: 1, maxUnavailable: 0 }],
    [10, { maxSurge: '30%', maxUnavailable: 2 }, { maxSurge: 3, maxUnavailable: 2 }],
    [5, { maxSurge: 0, maxUnavailable: 0 }, { maxSurge: 0, maxUnavailable: 1 }],
    [2, { maxSurge: 0, maxUnavailable: 7 }, { maxSurge: 0, maxUnavailable: 2 }],
  ])('%d replicas with %j give %j', (replicas, strategy, bounds) => {
    expect(rolloutBounds(replicas, strategy)).toEqual(bounds);
  });
});

describe('sizes during a rolling update', () => {
  it('takes pods that do not work away first', () => {
    const old = [
      { size: 2, available: 0 },
      { size: 3, available: 3 },
    ];
    expect(oldSetSizes(old, { size: 1, available: 0 }, { wanted: 4, maxUnavailable: 1 })).toEqual([0, 3]);
  });

  it('takes nothing away while too few are available', () => {
    expect(
      oldSetSizes([{ size: 3, available: 3 }], { size: 1, available: 0 }, { wanted: 3, maxUnavailable: 0 }),
    ).toEqual([3]);
  });

  it('always ends, never has too many pods, and never takes away more working ones than allowed', () => {
    const share = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), share, share, (wanted, maxSurge, maxUnavailable) => {
        const bounds = rolloutBounds(wanted, { maxSurge, maxUnavailable });
        let fresh = { size: 0, available: 0 };
        let old = { size: wanted, available: wanted };
        for (let round = 0; round < 4 * wanted + 4; round += 1) {
          fresh = { ...fresh, size: newSetSize(wanted, { fresh: fresh.size, all: fresh.size + old.size }, bounds) };
          expect(fresh.size + old.size).toBeLessThanOrEqual(wanted + bounds.maxSurge);
          const [size = 0] = oldSetSizes([old], fresh, { wanted, maxUnavailable: bounds.maxUnavailable });
          old = { size, available: size };
          expect(old.available + fresh.available).toBeGreaterThanOrEqual(wanted - bounds.maxUnavailable);
          fresh = { ...fresh, available: Math.min(fresh.size, fresh.available + 1) };
        }
        expect([fresh, old.size]).toEqual([{ size: wanted, available: wanted }, 0]);
      }),
    );
  });
});
