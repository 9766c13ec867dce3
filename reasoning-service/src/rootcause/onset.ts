import { median } from './quantile.ts';
import type { Samples } from './series.ts';
import { prefixCosts } from './split-cost.ts';

const LEAST_SIDE = 3;
const MOST_SIDE = 20;
/** A change below this share of the level is no gain. */
const RELATIVE_NOISE = 0.01;

/** Rows that must lie on each side of a split: a twentieth, at least 3 and at most 20. */
const sideOf = (rows: number): number => Math.min(MOST_SIDE, Math.max(LEAST_SIDE, Math.floor(rows / 20)));

/**
 * Gain of telling a series with two medians instead of one, for a split before each of its samples: 1 - (cost of two +
 * f) / (cost of one + f), f = n/2 * 1 % of the level. 0 near the ends, where a median of a few samples fits anything.
 */
export function splitGains(values: readonly number[]): number[] {
  const whole = prefixCosts(values);
  const reversed = prefixCosts([...values].reverse());
  const noise = 0.5 * values.length * RELATIVE_NOISE * Math.abs(median(values));
  const one = (whole.at(-1) ?? 0) + noise;
  const side = sideOf(values.length);
  return values.map((_, at) => {
    if (at < side || at > values.length - side || one === 0) return 0;
    const two = (whole[at - 1] ?? 0) + (reversed[values.length - at - 1] ?? 0) + noise;
    return 1 - two / one;
  });
}

const finite = ({ times, values }: Samples): Samples => {
  const kept = values.map((value) => Number.isFinite(value));
  return { times: times.filter((_, at) => kept[at]), values: values.filter((_, at) => kept[at]) };
};

/** Adds a series' gains to the candidates; one split covers every candidate time since the sample before it. */
function addGains(total: Float64Array, candidates: readonly number[], samples: Samples): void {
  const { times, values } = finite(samples);
  if (values.length < 2 * LEAST_SIDE) return;
  const gains = splitGains(values);
  let at = 0;
  candidates.forEach((candidate, index) => {
    while (at < times.length && (times[at] ?? 0) < candidate) at += 1;
    total[index] = (total[index] ?? 0) + (gains[at] ?? 0);
  });
}

/** The moment at which most series change their level: the split with the largest sum of gains, among the densest series' times. */
export function findOnset(all: readonly Samples[]): number | undefined {
  const candidates = all.reduce<readonly number[]>(
    (most, { times }) => (times.length > most.length ? times : most),
    [],
  );
  const total = new Float64Array(candidates.length);
  for (const samples of all) addGains(total, candidates, samples);
  const best = total.reduce((top, gain, at) => (gain > (total[top] ?? 0) ? at : top), 0);
  return (total[best] ?? 0) > 0 ? candidates[best] : undefined;
}
