import { seeded } from '../src/detection/random.ts';
import { type Point, timeTo, trendOf } from '../src/forecast/trend.ts';

const MINUTES = 15;
const HOUR_ROWS = 60 / MINUTES;

/** A disk in percent that fills with a daily rhythm, bursts and clean-ups of a third, until it is full. */
function fillingDisk(seed: number): Point[] {
  const random = seeded(seed);
  const perRow = (0.1 + 0.8 * random()) / HOUR_ROWS;
  const rhythm = 0.8 * random();
  const cleaned = random() < 0.5 ? 0.3 + 0.3 * random() : 0;
  let value = 10 + 30 * random();
  let freed = cleaned === 0;
  const points: Point[] = [];
  for (let row = 0; value < 100; row++) {
    value +=
      perRow * (1 + rhythm * Math.sin((2 * Math.PI * row) / (24 * HOUR_ROWS)) + (random() < 0.01 ? 10 * random() : 0));
    if (!freed && value > 70) {
      value *= 1 - cleaned;
      freed = true;
    }
    points.push({ at: row * MINUTES * 60, value: Math.min(100, value + 0.3 * random()) });
  }
  return points;
}

/** Median of |predicted − true time left| / true time left, asked when two thirds of each disk's last run have passed. */
export function timeToFullError(disks: number): { error: number; within: number } {
  const checks = Array.from({ length: disks }, (_, seed) => {
    const points = fillingDisk(seed + 1);
    const full = points.at(-1)?.at ?? 0;
    const past = points.slice(0, Math.floor(0.67 * points.length));
    const trend = trendOf(past, 100);
    const left = full - (past.at(-1)?.at ?? 0);
    if (trend === undefined) return { error: 1, within: false };
    const { value, low, high } = timeTo(100, trend);
    const error = value === null ? 1 : Math.abs(value - left) / left;
    return { error, within: (low ?? 0) <= left && left <= (high ?? Number.POSITIVE_INFINITY) };
  });
  const sorted = checks.map(({ error }) => error).sort((a, b) => a - b);
  return { error: sorted[Math.floor(disks / 2)] ?? 1, within: checks.filter(({ within }) => within).length / disks };
}
