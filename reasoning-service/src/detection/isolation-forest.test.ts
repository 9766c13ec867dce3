import { readFileSync } from 'node:fs';
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

type Scored = { trees: number; sample_size: number; rows: [number, number, number, number][] };

/** Samples with what scikit-learn scores them; test/isolation-forest-scores.py writes the file and its version into it. */
const scored: Scored = JSON.parse(
  readFileSync(new URL('./samples/isolation-forest-scores.json', import.meta.url), 'utf8'),
);

const ranksOf = (values: readonly number[]): number[] => {
  const order = values.map((value, at) => ({ value, at })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (const [rank, { at }] of order.entries()) ranks[at] = rank;
  return ranks;
};

/** Spearman's correlation of two lists; ties hardly matter here. */
function rankCorrelation(first: readonly number[], second: readonly number[]): number {
  const [a, b] = [ranksOf(first), ranksOf(second)];
  const squares = a.reduce((sum, rank, at) => sum + (rank - (b[at] ?? 0)) ** 2, 0);
  return 1 - (6 * squares) / (a.length * (a.length ** 2 - 1));
}

describe('isolation forest beside scikit-learn', () => {
  const samples = scored.rows.map(([x, y, z]) => [x, y, z]);
  const theirs = scored.rows.map(([, , , score]) => score);

  it.each([2, 3, 4])('orders the same samples alike, and scores them alike, from seed %i', (seed) => {
    const forest = growForest(samples, { trees: scored.trees, sampleSize: scored.sample_size, random: seeded(seed) });
    const ours = samples.map((sample) => isolationScore(forest, sample));
    expect(rankCorrelation(ours, theirs)).toBeGreaterThan(0.95);
    const apart = ours.reduce((sum, score, at) => sum + Math.abs(score - (theirs[at] ?? 0)), 0) / ours.length;
    expect(apart).toBeLessThan(0.02);
  });
});
