import { baselineOf, deviation, spreadOf } from './deviation.ts';
import { medianOfKnown } from './known-values.ts';
import { LEAST_SIDE, sideOf } from './onset.ts';
import type { Samples } from './series.ts';

type Run = { began: number; deviation: number };

/** The samples at the end of one series that all lie this many scales from what was before; a longer run is a split. */
function runOf({ times, values }: Samples, relative: number, least: number): Run | undefined {
  const kept = values.flatMap((value, at) => (Number.isFinite(value) ? [{ value, time: times[at] ?? 0 }] : []));
  const end = kept.slice(-sideOf(kept.length));
  const baseline = baselineOf(kept.slice(0, -end.length).map(({ value }) => value));
  const scale = Math.max(spreadOf(baseline), relative * Math.abs(baseline.median));
  const away = end.map(({ value }) => deviation(value - baseline.median, scale, 'both'));
  const run = away.length - 1 - away.findLastIndex((scales) => scales < least);
  const first = end.at(-run);
  if (run < LEAST_SIDE || run === end.length || first === undefined) return undefined;
  return { began: first.time, deviation: medianOfKnown(away.slice(-run)) };
}

/**
 * When the latest samples left their baseline, of the series that did so by most. A split needs more samples after it than a
 * fault that has just begun can show.
 */
export function latestChange(all: readonly Samples[], relative: number, least: number): number | undefined {
  const runs = all.flatMap((samples) => runOf(samples, relative, least) ?? []);
  return runs.sort((a, b) => b.deviation - a.deviation || a.began - b.began)[0]?.began;
}
