import { baselineOf, scaleOf } from './deviation.ts';
import type { Evidence } from './evidence.ts';
import { medianOfKnown } from './known-values.ts';
import { directionOf, fillsUp, floorOf } from './metric-kind.ts';
import type { Moment } from './resources.ts';
import type { Series } from './series.ts';

const BLOCKS = 10;
/** Share of the pairs of blocks that must rise: Kendall's count of a trend, with room for a dip. */
const RISING = 0.9;
/** A trend below this many scales is what services do when they warm up. */
const LEAST = 5;
/** Enough for a fair answer and not for a sure one: a cache fills up as well. */
const MOST = 7;

/** Medians of ten equal parts in a row; undefined when there are fewer samples than parts. */
function blocks(values: readonly number[]): number[] | undefined {
  if (values.length < BLOCKS) return undefined;
  const edge = (part: number) => Math.floor((part * values.length) / BLOCKS);
  return Array.from({ length: BLOCKS }, (_, part) => medianOfKnown(values.slice(edge(part), edge(part + 1))));
}

const riseOf = (parts: readonly number[]): number => (parts.at(-1) ?? 0) - (parts[0] ?? 0);

/** Share of the pairs of which the later one is higher. */
function risingShare(parts: readonly number[]): number {
  const pairs = parts.flatMap((early, at) => parts.slice(at + 1).map((late) => late > early));
  return pairs.filter(Boolean).length / pairs.length;
}

function trendOf(series: Series, { onset, settings }: Moment): Evidence | undefined {
  const way = directionOf(series.kind, series.metric) === 'down' ? -1 : 1;
  const kept = series.values.flatMap((value, at) =>
    Number.isFinite(value) ? [{ value: way * value, before: (series.times[at] ?? 0) < onset }] : [],
  );
  const history = kept.filter(({ before }) => before).map(({ value }) => value);
  const since = kept.filter(({ before }) => !before).map(({ value }) => value);
  const [usual, parts] = [blocks(history.slice(-since.length)), blocks(since)];
  if (usual === undefined || parts === undefined || risingShare(parts) < RISING) return undefined;
  const baseline = baselineOf(history);
  const scale = scaleOf(baseline, {
    relative: settings.relative_floor,
    absolute: floorOf(series.kind, series.metric),
  });
  const deviation = (riseOf(parts) - Math.max(0, riseOf(usual))) / Math.max(scale, Number.MIN_VALUE);
  if (deviation < LEAST) return undefined;
  return {
    entity: series.entity,
    kind: 'trend',
    metric: series.metric,
    deviation: Math.min(MOST, deviation),
    before: way * baseline.median,
    after: way * (parts.at(-1) ?? 0),
  };
}

/**
 * What fills up from the onset on and did not before: a slow leak is hardly seen in the first samples, while those who wait
 * for it complain at once.
 */
export const trendEvidence = (series: readonly Series[], moment: Moment): Evidence[] =>
  series.filter(({ kind }) => fillsUp(kind)).flatMap((one) => trendOf(one, moment) ?? []);
