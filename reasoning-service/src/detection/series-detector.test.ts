import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seeded } from './random.ts';
import { createSeriesDetector } from './series-detector.ts';

const LEARNING = 250;

/** A daily rhythm with noise, strictly positive. */
const rhythm = (rows: number, seed = 1): number[] => {
  const random = seeded(seed);
  return Array.from({ length: rows }, (_, row) => 100 + 40 * Math.sin((2 * Math.PI * row) / 96) + 5 * random());
};

const scoresOf = (values: readonly number[], learning = LEARNING): number[] => {
  const detector = createSeriesDetector(learning);
  return values.map((value) => detector.observe(value));
};

const anySeries = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 300, maxLength: 400 });

describe('series detector', () => {
  it('is silent within the learning time', () => {
    fc.assert(
      fc.property(anySeries, (values) =>
        scoresOf(values)
          .slice(0, LEARNING)
          .every((score) => score === 0),
      ),
      { numRuns: 10 },
    );
  });

  it.each([0, 42, -7.5])('stays at 0 for a series that is always %d', (value) => {
    expect(new Set(scoresOf(Array.from({ length: 2000 }, () => value)))).toEqual(new Set([0]));
  });

  it('says the same of a series whose later part was cut off', () => {
    fc.assert(
      fc.property(anySeries, fc.integer({ min: 1, max: 299 }), (values, cut) => {
        expect(scoresOf(values.slice(0, cut))).toEqual(scoresOf(values).slice(0, cut));
      }),
      { numRuns: 10 },
    );
  });

  it('does not depend on the unit', () => {
    const values = rhythm(1500).map((value, row) => (row === 1200 ? 3 * value : value));
    expect(scoresOf(values.map((value) => 1024 * value))).toEqual(scoresOf(values));
  });

  it('gives only a larger score within a third of the learning time after one', () => {
    fc.assert(
      fc.property(anySeries, (values) => {
        const given = scoresOf(values).flatMap((score, row) => (score > 0 ? [{ score, row }] : []));
        for (const [at, { score, row }] of given.slice(1).entries()) {
          const before = given[at] ?? { score: 0, row: 0 };
          if (row - before.row < 0.33 * LEARNING) expect(score).toBeGreaterThan(before.score);
        }
      }),
      { numRuns: 10 },
    );
    const scores = scoresOf(rhythm(1500).map((value, row) => (row === 1200 || row === 1230 ? 3 * value : value)));
    expect(scores.slice(1200, 1203).some((score) => score > 0.5)).toBe(true);
    expect(scores.slice(1230, 1233)).toEqual([0, 0, 0]);
  });

  it('speaks of a spike in a rhythm, and of little else', () => {
    const scores = scoresOf(rhythm(3000).map((value, row) => (row === 2000 ? 400 : value)));
    const spoken = scores.flatMap((score, row) => (score >= 0.9 ? [row] : []));
    expect(spoken.some((row) => row >= 2000 && row <= 2002)).toBe(true);
    expect(spoken.filter((row) => row < 2000).length).toBeLessThanOrEqual(3);
  });

  it('continues from its state as if it had not stopped', () => {
    const values = rhythm(1200).map((value, row) => (row % 300 === 299 ? 2 * value : value));
    const first = createSeriesDetector(LEARNING);
    for (const value of values.slice(0, 700)) first.observe(value);
    const second = createSeriesDetector(structuredClone(first.state()));
    const rest = values.slice(700);
    expect(rest.map((value) => second.observe(value))).toEqual(rest.map((value) => first.observe(value)));
  });

  it('tells which sample stands out, and what was expected of it', () => {
    const detector = createSeriesDetector(LEARNING);
    for (const value of rhythm(1500)) detector.observe(value);
    expect(detector.standingOut()).toBeUndefined();
    detector.observe(500, 77);
    for (const value of [100, 100, 100]) detector.observe(value);
    const out = detector.standingOut();
    expect(out).toMatchObject({ at: 77, value: 500 });
    expect(out?.expected.low).toBeGreaterThan(50);
    expect(out?.expected.high).toBeLessThan(160);
  });
});
