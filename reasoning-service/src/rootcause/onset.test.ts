import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { onsetCandidates, splitGains } from './onset.ts';

const steps = (before: number, after: number, level: number) => [
  ...Array.from({ length: before }, (_, at) => 10 + (at % 3) * 0.1),
  ...Array.from({ length: after }, (_, at) => level + (at % 3) * 0.1),
];
const timed = (values: number[]) => ({ times: values.map((_, at) => at * 1000), values });

describe('gain of a split', () => {
  it('is largest where the level changes', () => {
    const gains = splitGains(steps(60, 40, 15));
    expect(gains.indexOf(Math.max(...gains))).toBe(60);
  });

  it('is 0 for a series that stands still', () => {
    expect(splitGains([0, 0, 0, 0, 0, 0, 0, 0]).every((gain) => gain === 0)).toBe(true);
  });
});

describe('candidates for the onset', () => {
  it('finds the change that a series shares with others wherever it lies', () => {
    fc.assert(
      fc.property(fc.integer({ min: 25, max: 75 }), (at) => {
        const all = [timed(steps(at, 100 - at, 14)), timed(steps(at, 100 - at, 30)), timed(steps(100, 0, 0))];
        expect(onsetCandidates(all)).toEqual([at * 1000]);
      }),
    );
  });

  it('has none when nothing changes, or when there is nothing', () => {
    expect(onsetCandidates([timed([5, 5, 5, 5, 5, 5, 5, 5, 5])])).toEqual([]);
    expect(onsetCandidates([])).toEqual([]);
  });

  it('offers the sharp change of one series beside the slow wave of many', () => {
    const wave = () => timed(Array.from({ length: 200 }, (_, at) => 10 + 4 * Math.sin(at / 32)));
    const sharp = timed(steps(170, 30, 40));
    expect(onsetCandidates([wave(), wave(), wave(), wave(), sharp])).toContain(170_000);
  });
});
