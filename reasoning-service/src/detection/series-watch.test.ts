import { serialize } from 'node:v8';
import { describe, expect, it } from '@jest/globals';
import { seeded } from './random.ts';
import { createSeriesWatch, type Point } from './series-watch.ts';

const MINUTE = 60_000;
const STEP = 5 * MINUTE;

const points = (rows: number, change: (value: number, row: number) => number | null = (value) => value): Point[] => {
  const random = seeded(2);
  return Array.from({ length: rows }, (_, row) => ({
    at: row * STEP,
    value: change(100 + 40 * Math.sin((2 * Math.PI * row) / 60) + 5 * random(), row),
  }));
};

const findingsOf = (given: readonly Point[]) => {
  const watch = createSeriesWatch();
  return given.flatMap((point) => watch.observe(point));
};

/** Numbers and words that a state holds. */
const held = (value: unknown): number => {
  if (ArrayBuffer.isView(value)) return (value as Float64Array).length;
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, one) => sum + held(one), 0);
};

describe('series watch', () => {
  it('holds as much after ten times the noise that fills it, so that no number of points fills it further', () => {
    const random = seeded(9);
    const watch = createSeriesWatch();
    const [full, later] = [12_000, 120_000].map((rows) => {
      for (let row = rows === 12_000 ? 0 : 12_000; row < rows; row += 1)
        watch.observe({ at: row * STEP, value: random() * (row % 1000 === 0 ? 50 : 1) });
      return held(watch.state());
    });
    expect(later).toBe(full);
    expect(serialize(watch.state()).length).toBeLessThan(130_000);
  }, 60_000);

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

  it.each([1, 4, 15])('tells the sample that stands out, when it was, beyond what was expected (%i rows)', (long) => {
    for (const from of [1900, 1911]) {
      const given = points(2000, (value, row) => (row >= from && row < from + long ? value + 300 : value));
      const minutes = given.map(({ value }, row) => ({ at: row * 2 * MINUTE, value }));
      const [told, ...again] = findingsOf(minutes).filter(({ at }) => at >= 2 * MINUTE * from);
      expect(again).toEqual([]);
      expect(told?.at).toBeLessThan(2 * MINUTE * (from + long));
      expect(told?.value).toBe(given[(told?.at ?? 0) / (2 * MINUTE)]?.value);
      expect(told?.value).toBeGreaterThan(told?.expected?.high ?? Number.POSITIVE_INFINITY);
    }
  });

  it('tells no expectation that holds the value', () => {
    const random = seeded(11);
    let level = 10;
    const wandering = points(6000, () => {
      if (random() < 0.002) level = 10 + 20 * random();
      return level + random();
    });
    const told = findingsOf(wandering).filter(({ kind }) => kind === 'unusual');
    expect(told.length).toBeGreaterThan(3);
    for (const { value, expected } of told)
      expect(expected !== null && value !== null && value >= expected.low && value <= expected.high).toBe(false);
  });

  it('tells a stuck value once, and only of a series that used to move', () => {
    const stuck = findingsOf(points(1200, (value, row) => (row < 900 ? value : 100)));
    expect(stuck.filter(({ kind }) => kind === 'flat')).toEqual([
      expect.objectContaining({ at: 959 * STEP, value: 100 }),
    ]);
    expect(findingsOf(points(1200, () => 7))).toEqual([]);
  });

  it('tells missing rows and gaps once, and never takes them for zero', () => {
    const nulls = findingsOf(points(1000, (value, row) => (row >= 800 && row < 850 ? null : value)));
    expect(nulls.filter(({ kind }) => kind === 'missing')).toEqual([expect.objectContaining({ at: 802 * STEP })]);
    const gap = points(1000).map(({ at, value }, row) => ({ at: row < 800 ? at : at + 30 * STEP, value }));
    expect(findingsOf(gap).filter(({ kind }) => kind === 'missing')).toEqual([
      expect.objectContaining({ at: 830 * STEP }),
    ]);
    const zero = (given: ReturnType<typeof findingsOf>) =>
      given.some(({ kind, value }) => kind === 'unusual' && value === 0);
    expect([zero(nulls), zero(findingsOf(gap))]).toEqual([false, false]);
  });

  it('is not misled by null that comes before its step is known', () => {
    const watch = createSeriesWatch();
    for (const point of points(230, (value, row) => (row === 5 ? null : value))) watch.observe(point);
    expect([watch.stage(), watch.state().rows]).toEqual(['early', 229]);
  });

  it('learns as long from shorter steps', () => {
    const [quick, slow] = [1, 60].map((minutes) => {
      const watch = createSeriesWatch();
      return points(3000).map(({ value }, row) => {
        watch.observe({ at: row * minutes * MINUTE, value });
        return watch.stage();
      });
    });
    expect([quick?.indexOf('early'), quick?.indexOf('full')]).toEqual([999, 2999]);
    expect([slow?.indexOf('early'), slow?.indexOf('full')]).toEqual([199, 599]);
  });

  /** Four weeks by the minute: a bell each day, less than half of it on Saturdays and Sundays. */
  const weeks = (outageFrom: number): Point[] => {
    const random = seeded(3);
    return Array.from({ length: 28 * 1440 }, (_, row) => {
      const hour = (row % 1440) / 60;
      const usual = 300 + 1000 * Math.exp(-(((hour - 13) / 4.3) ** 2));
      const noise = 1 + 0.1 * (random() + random() + random() - 1.5);
      const broken = row >= outageFrom && row < outageFrom + 60;
      return {
        at: row * MINUTE,
        value: usual * (Math.floor(row / 1440) % 7 < 5 ? 1 : 0.4) * noise * (broken ? 0.15 : 1),
      };
    });
  };

  it('knows quiet weekends after two weeks, and sees a weekday that is as quiet for an hour', () => {
    const outage = 23 * 1440 + 12 * 60;
    const told = findingsOf(weeks(outage)).filter(({ at }) => at >= 14 * 1440 * MINUTE);
    const [calm, broken] = [
      told.filter(({ at }) => at < outage * MINUTE),
      told.filter(({ at }) => at >= outage * MINUTE),
    ];
    expect(calm.filter(({ at }) => Math.floor(at / MINUTE / 1440) % 7 >= 5)).toEqual([]);
    expect(calm.length).toBeLessThanOrEqual(3);
    expect(broken[0]?.at).toBeLessThan((outage + 60) * MINUTE);
  }, 60_000);

  it('continues from its state', () => {
    const all = points(900, (value, row) => (row % 170 === 169 ? 2 * value : value));
    const first = createSeriesWatch();
    for (const point of all.slice(0, 650)) first.observe(point);
    const second = createSeriesWatch(structuredClone(first.state()));
    const rest = all.slice(650);
    expect(rest.flatMap((point) => second.observe(point))).toEqual(rest.flatMap((point) => first.observe(point)));
  });
});
