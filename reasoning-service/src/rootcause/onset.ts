import { medianOfKnown } from './known-values.ts';
import type { Samples } from './series.ts';
import { prefixCosts } from './split-cost.ts';

/** Fewer samples than this show no level. */
export const LEAST_SIDE = 3;
/** A change has a level before it and one after it. */
export const LEAST_SAMPLES = 2 * LEAST_SIDE;
const MOST_SIDE = 20;
/** A change below this share of the level is no gain. */
const RELATIVE_NOISE = 0.01;
const POWERS = [1, 2, 4, 8, 16];

/** Rows that must lie on each side of a split: a twentieth, at least 3 and at most 20. */
export const sideOf = (rows: number): number => Math.min(MOST_SIDE, Math.max(LEAST_SIDE, Math.floor(rows / 20)));

/**
 * Gain of telling a series with two medians instead of one, for a split before each of its samples: 1 - (cost of two +
 * f) / (cost of one + f), f = n/2 * 1 % of the level. 0 near the ends, where a median of a few samples fits anything.
 */
export function splitGains(values: readonly number[]): number[] {
  const whole = prefixCosts(values);
  const reversed = prefixCosts([...values].reverse());
  const noise = 0.5 * values.length * RELATIVE_NOISE * Math.abs(medianOfKnown(values));
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

/** A series' gains at the candidate times; one split covers every candidate time since the sample before it. */
function gainsAt(candidates: readonly number[], samples: Samples): number[] {
  const { times, values } = finite(samples);
  if (values.length < LEAST_SAMPLES) return [];
  const gains = splitGains(values);
  let at = 0;
  return candidates.map((candidate) => {
    while (at < times.length && (times[at] ?? 0) < candidate) at += 1;
    return gains[at] ?? 0;
  });
}

/**
 * Moments at which the series change their level: for each power the split with the largest sum of gains to that power,
 * among the times of the densest series. The plain sum finds what moves many series; higher powers find what moves few
 * series much while a wave of traffic moves all of them a little.
 */
export function onsetCandidates(all: readonly Samples[]): number[] {
  const times = all.reduce<readonly number[]>((most, { times }) => (times.length > most.length ? times : most), []);
  const totals = POWERS.map(() => new Float64Array(times.length));
  for (const samples of all)
    gainsAt(times, samples).forEach((gain, at) => {
      if (gain <= 0) return;
      totals.forEach((total, power) => {
        total[at] = (total[at] ?? 0) + gain ** (POWERS[power] ?? 1);
      });
    });
  const best = totals.map((total) => total.reduce((top, gain, at) => (gain > (total[top] ?? 0) ? at : top), 0));
  const found = best.flatMap((at, power) => ((totals[power]?.[at] ?? 0) > 0 ? (times[at] ?? []) : []));
  return [...new Set(found)];
}
