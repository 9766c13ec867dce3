import { type Samples, stepOf } from './series.ts';

/** Values of a series at other times: the nearest sample within half a step of the slower of the two, else NaN. */
export function aligned(samples: Samples, times: readonly number[]): number[] {
  const tolerance = Math.max(stepOf(samples), stepOf({ times })) / 2;
  let at = 0;
  return times.map((time) => {
    const distance = (index: number) => Math.abs((samples.times[index] ?? Number.POSITIVE_INFINITY) - time);
    while (distance(at + 1) <= distance(at) && at + 1 < samples.times.length) at += 1;
    return distance(at) <= tolerance ? (samples.values[at] ?? Number.NaN) : Number.NaN;
  });
}
