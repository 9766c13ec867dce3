import { baselineOf, spreadOf } from './deviation.ts';
import { medianOfKnown } from './known-values.ts';
import { splitGains } from './onset.ts';
import type { Samples } from './series.ts';

/** From this many scatters on a sample has left its baseline. */
const LEFT = 3;
const SMOOTHED = 1;

/**
 * When one series left its baseline: its own best split, then back as long as the samples before it (medians of three) are
 * already away, because a slow rise has its best split long after its start. Undefined for a series without a change.
 */
export function departureOf({ times, values }: Samples): number | undefined {
  const kept = values.flatMap((value, at) => (Number.isFinite(value) ? [{ value, time: times[at] ?? 0 }] : []));
  const plain = kept.map(({ value }) => value);
  const gains = splitGains(plain);
  const split = gains.reduce((best, gain, at) => (gain > (gains[best] ?? 0) ? at : best), 0);
  if ((gains[split] ?? 0) <= 0) return undefined;
  const baseline = baselineOf(plain.slice(0, split));
  const spread = spreadOf(baseline);
  const away = (at: number): boolean => {
    const here = medianOfKnown(plain.slice(Math.max(0, at - SMOOTHED), at + SMOOTHED + 1));
    return Math.abs(here - baseline.median) > LEFT * spread;
  };
  let first = split;
  while (first > 1 && away(first - 1)) first -= 1;
  return kept[first]?.time;
}
