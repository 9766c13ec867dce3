import { describe, expect, it } from '@jest/globals';
import { corpusOf, fitted, learningRows, outcomeAt, profiles } from './nab-score.ts';

/** 100 rows, of which 15 are learning; flagged where asked. */
const scored = (windows: [number, number][], flags: Record<number, number>) => ({
  name: 'series',
  windows,
  scores: Array.from({ length: 100 }, (_, row) => flags[row] ?? 0),
});
const scoreOf = (windows: [number, number][], flags: Record<number, number>) =>
  outcomeAt(corpusOf([scored(windows, flags)]), profiles.standard, 0.5);

describe('the score of the Numenta Anomaly Benchmark', () => {
  it('judges no row of the learning time', () => {
    expect([learningRows(100), learningRows(4032), learningRows(22_695)]).toEqual([15, 604, 750]);
    expect(scoreOf([[40, 49]], { 3: 1 })).toMatchObject({ score: 0, false_positives: 0 });
  });

  it('gives 100 for the first row of each window and 0 for silence', () => {
    expect(scoreOf([[40, 49]], { 40: 1 }).score).toBeCloseTo(100, 10);
    expect(scoreOf([[40, 49]], {}).score).toBe(0);
  });

  it('counts only the earliest detection of a window', () => {
    const once = scoreOf([[40, 49]], { 44: 1 });
    expect(scoreOf([[40, 49]], { 44: 1, 47: 1 })).toEqual(once);
    expect(once.score).toBeLessThan(100);
  });

  it('takes off the weight of a false alarm, less of it just behind a window', () => {
    const [found, before, behind, far] = [{}, { 20: 1 }, { 50: 1 }, { 90: 1 }].map(
      (extra) => scoreOf([[40, 49]], { 40: 1, ...extra }).score,
    );
    expect((found ?? 0) - (before ?? 0)).toBeCloseTo(5.5, 10);
    expect((found ?? 0) - (far ?? 0)).toBeCloseTo(5.5, 10);
    expect((found ?? 0) - (behind ?? 0)).toBeCloseTo(5.5 * (1 - 2 / (1 + Math.exp(5 / 9))), 10);
  });

  it('fits one threshold to all series', () => {
    const corpus = corpusOf([scored([[40, 49]], { 40: 0.9, 70: 0.4 }), scored([[40, 49]], { 41: 0.6, 80: 0.3 })]);
    expect(fitted(corpus, profiles.standard)).toMatchObject({ threshold: 0.6, windows_found: 2, false_positives: 0 });
  });
});
