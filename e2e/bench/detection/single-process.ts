import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createSeriesWatch, type SeriesWatch } from '../../../reasoning-service/src/detection/series-watch.ts';
import { packed } from '../../../reasoning-service/src/detection/watch-store.ts';
import { timeOf, valueAt } from './made-series.ts';

/** Bytes in use by this process after it has let go of what it does not need. */
export function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const cpuUs = (before?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return user + system;
};

/** Microseconds of a core that some work took. */
export async function cpuOf(work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return cpuUs(before);
}

/** What an uninterrupted watch of the series says up to a row: the time and kind of each finding. */
export function saidOf(series: number, rows: number): string[] {
  const watch = createSeriesWatch();
  return Array.from({ length: rows }, (_, row) =>
    watch.observe({ at: timeOf(row), value: valueAt(series, row) }).map(({ at, kind }) => `${series} ${at} ${kind}`),
  ).flat();
}

const fed = (watch: SeriesWatch, from: number, to: number): number => {
  for (let row = from; row < to; row += 1)
    watch.observe({ at: timeOf(row), value: Math.random() * (row % 1000 === 0 ? 50 : 1) });
  return packed(watch.state()).length;
};

/** Bytes of the stored state of one series of pure noise, the worst there is, when everything is full and at the end of a long run. */
export function longRun(points: number): { full: number; end: number } {
  const watch = createSeriesWatch();
  const filled = Math.min(points, 20_000);
  const full = fed(watch, 0, filled);
  return { full, end: fed(watch, filled, points) };
}

/** Bytes that a watch of pure noise holds in memory when everything in it is full, the mean of a few. */
export function bytesOfFullWatch(): number {
  const before = bytesInUse();
  const watches = Array.from({ length: 20 }, () => createSeriesWatch());
  const stored = watches.map((watch) => fed(watch, 0, 12_000));
  const held = bytesInUse() - before;
  // Asked once more, so that all of them are still there when memory is read.
  return Math.round(held / watches.filter((watch, at) => packed(watch.state()).length === stored[at]).length);
}
