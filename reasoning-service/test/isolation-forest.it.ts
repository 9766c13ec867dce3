import { spawnSync } from 'node:child_process';
import { describeUnless } from '@aetherius/shared/testing';
import { expect, it } from '@jest/globals';
import { growForest, isolationScore } from '../src/detection/isolation-forest.ts';
import { seeded } from '../src/detection/random.ts';

const python = process.env['AETHERIUS_PYTHON'] ?? 'python3';
const peer = `
import json, sys
from sklearn.ensemble import IsolationForest
samples = json.load(sys.stdin)
forest = IsolationForest(n_estimators=300, max_samples=256, random_state=1).fit(samples)
print(json.dumps((-forest.score_samples(samples)).tolist()))
`;
const hasPeer = spawnSync(python, ['-c', 'import sklearn']).status === 0;
const compared = describeUnless(hasPeer ? undefined : `${python} has no sklearn here`);

/** Three dimensions, two clusters of different spread, and a few samples far apart. */
function samples(): number[][] {
  const random = seeded(11);
  const bell = () => random() + random() + random() + random() - 2;
  return Array.from({ length: 600 }, (_, at) => {
    const [middle, spread] = at % 3 === 0 ? [10, 3] : [0, 1];
    return at % 60 === 59
      ? [30 * bell(), 30 * bell(), 30 * bell()]
      : [middle + spread * bell(), spread * bell(), middle - spread * bell()];
  });
}

const ranksOf = (values: readonly number[]): number[] => {
  const order = values.map((value, at) => ({ value, at })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (const [rank, { at }] of order.entries()) ranks[at] = rank;
  return ranks;
};

/** Spearman's correlation of two lists without ties. */
function rankCorrelation(first: readonly number[], second: readonly number[]): number {
  const [a, b] = [ranksOf(first), ranksOf(second)];
  const squares = a.reduce((sum, rank, at) => sum + (rank - (b[at] ?? 0)) ** 2, 0);
  return 1 - (6 * squares) / (a.length * (a.length ** 2 - 1));
}

compared('isolation forest beside scikit-learn', () => {
  it('orders the same samples alike, and scores them alike', () => {
    const given = samples();
    const answer = spawnSync(python, ['-c', peer], { input: JSON.stringify(given), encoding: 'utf8' });
    expect(answer.stderr).toBe('');
    const theirs: number[] = JSON.parse(answer.stdout);
    const forest = growForest(given, { trees: 300, sampleSize: 256, random: seeded(2) });
    const ours = given.map((sample) => isolationScore(forest, sample));
    expect(rankCorrelation(ours, theirs)).toBeGreaterThan(0.95);
    const apart = ours.reduce((sum, score, at) => sum + Math.abs(score - (theirs[at] ?? 0)), 0) / ours.length;
    expect(apart).toBeLessThan(0.02);
  });
});
