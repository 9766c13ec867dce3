import { describe, expect, it } from '@jest/globals';
import { averagePath, growForest, isolationScore } from './isolation-forest.ts';
import { seeded } from './random.ts';

const cloud = (random: () => number, count: number) =>
  Array.from({ length: count }, () => [random() + random() + random(), random() + random() + random()]);

describe('isolation forest', () => {
  it('has the average path lengths of a binary search tree', () => {
    expect([0, 1, 2].map(averagePath)).toEqual([0, 0, 1]);
    expect(averagePath(256)).toBeCloseTo(10.2448, 3);
  });

  it('isolates what lies apart, and scores the middle as ordinary', () => {
    const random = seeded(3);
    const forest = growForest(cloud(random, 500), { trees: 100, sampleSize: 256, random });
    expect(isolationScore(forest, [9, -9])).toBeGreaterThan(0.7);
    expect(isolationScore(forest, [1.5, 1.5])).toBeLessThan(0.5);
  });

  it('grows the same forest from the same seed', () => {
    const samples = cloud(seeded(5), 200);
    const grow = () => growForest(samples, { trees: 10, sampleSize: 64, random: seeded(8) });
    expect(grow()).toEqual(grow());
  });

  it('finds equal samples ordinary', () => {
    const forest = growForest(
      Array.from({ length: 50 }, () => [1, 2, 3]),
      { trees: 5, sampleSize: 32, random: seeded(1) },
    );
    expect(isolationScore(forest, [1, 2, 3])).toBeCloseTo(0.5, 10);
  });
});
