import { expect, it } from '@jest/globals';
import { departureOf } from './departure.ts';

const timed = (values: number[]) => ({ times: values.map((_, at) => at * 1000), values });
const quiet = (at: number) => 10 + (at % 5) * 0.1;

it('finds the step of a series', () => {
  expect(departureOf(timed(Array.from({ length: 100 }, (_, at) => quiet(at) + (at >= 70 ? 5 : 0))))).toBe(70_000);
});

it('finds the start of a slow rise, not its middle', () => {
  const rise = timed(Array.from({ length: 100 }, (_, at) => quiet(at) + Math.max(0, at - 60)));
  const found = departureOf(rise) ?? 0;
  expect(found).toBeGreaterThanOrEqual(60_000);
  expect(found).toBeLessThanOrEqual(64_000);
});

it('has none where nothing changes', () => {
  expect(departureOf(timed(Array.from({ length: 50 }, () => 3)))).toBeUndefined();
});
