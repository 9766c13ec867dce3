import { describe, expect, it } from '@jest/globals';
import { seeded } from '../detection/random.ts';
import { demandPeak } from './demand-peak.ts';
import { levelForecasts } from './level-forecast.ts';

const SEASON = 48;

const rhythm = (rows: number, noise: number): number[] => {
  const random = seeded(3);
  return Array.from(
    { length: rows },
    (_, row) => 50 + 20 * Math.sin((2 * Math.PI * row) / SEASON) + noise * (random() - 0.5),
  );
};

const meanError = (values: readonly number[], forecast: (row: number) => number, from: number): number =>
  values.slice(from).reduce((sum, value, at) => sum + Math.abs(value - forecast(from + at)), 0) /
  (values.length - from);

describe('level forecast', () => {
  it('beats both persistence and the day before on a noisy rhythm', () => {
    const values = rhythm(1500, 10);
    const { made } = levelForecasts(values, { season: SEASON, horizon: 4 });
    const ours = meanError(values, (row) => made[row - 4]?.value ?? 0, 800);
    expect(ours).toBeLessThan(meanError(values, (row) => values[row - 4] ?? 0, 800));
    expect(ours).toBeLessThan(meanError(values, (row) => values[row - SEASON] ?? 0, 800));
  });

  it('holds about four fifths of the values in its band', () => {
    const values = rhythm(2000, 10);
    const { made } = levelForecasts(values, { season: SEASON, horizon: 2 });
    const inside = values.filter(
      (value, row) => value >= (made[row - 2]?.low ?? 0) && value <= (made[row - 2]?.high ?? 0),
    );
    expect(inside.length / values.length).toBeGreaterThan(0.72);
    expect(inside.length / values.length).toBeLessThan(0.88);
  });

  it('holds about as many a whole day ahead, though levels shift and errors come in runs', () => {
    const random = seeded(2);
    let level = 50;
    const values = rhythm(4000, 3).map((value) => {
      if (random() < 0.004) level = 60 * random();
      return value + level;
    });
    const { made } = levelForecasts(values, { season: SEASON, horizon: SEASON });
    const judged = values.slice(1000).map((value, at) => {
      const { low, high } = made[1000 + at - SEASON] ?? { low: 0, high: 0 };
      return value >= low && value <= high;
    });
    const share = judged.filter(Boolean).length / judged.length;
    expect(share).toBeGreaterThan(0.76);
    expect(share).toBeLessThan(0.86);
  });

  it('sees no value before its time', () => {
    const values = rhythm(400, 10);
    const asked = { season: SEASON, horizon: 5 };
    expect(levelForecasts(values.slice(0, 250), asked).made).toEqual(levelForecasts(values, asked).made.slice(0, 250));
  });

  it('has no band before it has made errors', () => {
    expect(levelForecasts([1, 2, 3], { season: undefined, horizon: 1 }).made.at(-1)).toMatchObject({
      value: expect.any(Number),
      low: Number.NaN,
    });
  });
});

describe('demand peak', () => {
  const points = rhythm(4 * SEASON, 4).map((value, row) => ({ at: row * 1800, value }));

  it('expects the next peak of the day where a line sees none', () => {
    const peak = demandPeak(points, { seconds: 86_400, limit: 65 });
    expect(peak?.probability).toBeGreaterThan(0.6);
    expect(peak?.seconds).toBe(6 * 3600);
    expect(peak?.past_accuracy.checks).toBeGreaterThan(50);
    expect(demandPeak(points, { seconds: 86_400, limit: 200 })?.probability).toBe(0);
  });

  it('asks for days of even rows', () => {
    expect(demandPeak(points.slice(0, SEASON), { seconds: 3600, limit: 65 })).toBeUndefined();
    const uneven = points.map(({ at, value }, row) => ({ at: at + (row % 3) * 700, value }));
    expect(demandPeak(uneven, { seconds: 3600, limit: 65 })).toBeUndefined();
  });
});
