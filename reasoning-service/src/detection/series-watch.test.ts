import { describe, expect, it } from '@jest/globals';
import { seeded } from './random.ts';
import { createSeriesWatch, type Point } from './series-watch.ts';

const MINUTE = 60_000;

const points = (rows: number, change: (value: number, row: number) => number | null = (value) => value): Point[] => {
  const random = seeded(2);
  return Array.from({ length: rows }, (_, row) => ({
    at: row * MINUTE,
    value: change(100 + 40 * Math.sin((2 * Math.PI * row) / 60) + 5 * random(), row),
  }));
};

const findingsOf = (given: readonly Point[]) => {
  const watch = createSeriesWatch();
  return given.flatMap((point) => watch.observe(point));
};

describe('series watch', () => {
  it('says how far along it is', () => {
    const watch = createSeriesWatch();
    const stages = points(700).map((point) => {
      watch.observe(point);
      return watch.stage();
    });
    expect([stages[0], stages[199], stages[599], stages[699]]).toEqual(['learning', 'early', 'full', 'full']);
  });

  it('speaks in the early stage already', () => {
    const findings = findingsOf(points(450, (value, row) => (row >= 400 && row < 404 ? 5 * value : value)));
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'unusual' }));
  });

  it('tells a stuck value once, and only of a series that used to move', () => {
    const stuck = findingsOf(points(1200, (value, row) => (row < 900 ? value : 100)));
    expect(stuck.filter(({ kind }) => kind === 'flat')).toEqual([
      expect.objectContaining({ at: 959 * MINUTE, value: 100 }),
    ]);
    expect(findingsOf(points(1200, () => 7))).toEqual([]);
  });

  it('tells missing rows and gaps once, and never takes them for zero', () => {
    const nulls = findingsOf(points(1000, (value, row) => (row >= 800 && row < 850 ? null : value)));
    expect(nulls.filter(({ kind }) => kind === 'missing')).toEqual([expect.objectContaining({ at: 802 * MINUTE })]);
    const gap = points(1000).map(({ at, value }, row) => ({ at: row < 800 ? at : at + 30 * MINUTE, value }));
    expect(findingsOf(gap).filter(({ kind }) => kind === 'missing')).toEqual([
      expect.objectContaining({ at: 830 * MINUTE }),
    ]);
    const zero = (given: ReturnType<typeof findingsOf>) =>
      given.some(({ kind, value }) => kind === 'unusual' && value === 0);
    expect([zero(nulls), zero(findingsOf(gap))]).toEqual([false, false]);
  });

  it('continues from its state', () => {
    const all = points(900, (value, row) => (row % 170 === 169 ? 2 * value : value));
    const first = createSeriesWatch();
    for (const point of all.slice(0, 650)) first.observe(point);
    const second = createSeriesWatch(structuredClone(first.state()));
    const rest = all.slice(650);
    expect(rest.flatMap((point) => second.observe(point))).toEqual(rest.flatMap((point) => first.observe(point)));
  });
});
