import { describe, expect, it } from '@jest/globals';
import { aegisops, createJointWatch } from './joint-watch.ts';
import { noOutage, outage } from './outage.ts';

const MINUTE = 60_000;
const DAY = 1440;

/** Minutes at which an outage was told. */
function toldAt(days: number, value: (minute: number) => number): number[] {
  const state = noOutage();
  return Array.from({ length: days * DAY }, (_, minute) => minute).filter(
    (minute) => outage(state, minute * MINUTE, value(minute)) !== undefined,
  );
}

const rhythm = (minute: number): number => 100 + 60 * Math.sin((2 * Math.PI * minute) / DAY);
const between = (minute: number, from: number, to: number): boolean => minute >= from && minute < to;

describe('outage', () => {
  it('is told at each time that traffic stops, and once, wherever the day stands', () => {
    const stops = [DAY + 100, 2 * DAY + 700, 3 * DAY + 700, 4 * DAY + 1300, 11 * DAY + 40];
    const told = toldAt(12, (minute) => (stops.some((from) => between(minute, from, from + 40)) ? 0 : rhythm(minute)));
    expect(told).toEqual(stops.map((from) => from + 2));
  });

  it('is not what a service does each night, nor on each weekend', () => {
    const night = (minute: number) => between((minute + 7 * (minute % 5)) % DAY, 0, 360);
    expect(toldAt(10, (minute) => (night(minute) ? 0 : rhythm(minute)))).toEqual([]);
    const weekend = (minute: number) => between(Math.floor(minute / DAY) % 7, 5, 7);
    const told = toldAt(28, (minute) => (weekend(minute) ? 0 : rhythm(minute)));
    expect(told).toEqual([5 * DAY + 2]);
  });

  it('is not what happens to a service that few ask', () => {
    let seed = 7;
    const some = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648 < 0.6 ? 0 : 1;
    };
    expect(toldAt(14, some)).toEqual([]);
  });

  it('says nothing of an hour that it never met', () => {
    expect(toldAt(1, (minute) => (minute > 600 ? 0 : 5))).toEqual([]);
  });

  it('goes on from its state', () => {
    const state = noOutage();
    for (let minute = 0; minute < 2 * DAY + 1; minute++) outage(state, minute * MINUTE, minute < 2 * DAY ? 9 : 0);
    const other = structuredClone(state);
    const next = (of: typeof state) => [1, 2, 3].map((more) => outage(of, (2 * DAY + more) * MINUTE, 0));
    expect(next(other)).toEqual(next(state));
    expect(next(structuredClone(state))).toEqual([undefined, undefined, undefined]);
  });

  it('is told by the preset with the value that the hour should have, also where nothing else is measured', () => {
    const watch = createJointWatch(aegisops, 1);
    const found = Array.from({ length: 2 * DAY }, (_, minute) => {
      const isOut = minute >= 2 * DAY - 200;
      return watch.observe(minute * MINUTE, isOut ? [0, null, 5e8] : [rhythm(minute), 0.2, 5e8]);
    }).flat();
    expect(found).toMatchObject([
      { kind: 'joint', at: (2 * DAY - 198) * MINUTE, feature: 'requests_per_second', value: 0 },
    ]);
    const { value = 0, low = 0, high = 0 } = found[0]?.expected ?? {};
    expect([low > 0, low < value, value < high]).toEqual([true, true, true]);
  });
});
