import { type Samples, stepOf } from './series.ts';
import { wordsOf } from './words.ts';

const finitePairs = ({ values }: Samples): [number, number][] => {
  const finite = values.filter(Number.isFinite);
  return finite.slice(1).map((value, at) => [finite[at] ?? value, value]);
};

/** Shares of a counter's steps: it hardly ever falls (only at a restart of what counts), and it does rise. */
const MOST_FALLS = 0.02;
const LEAST_RISES = 0.2;

/** Whether a series counts up from the start of a process, by its name and by how it runs. */
export function isCounter(metric: string, samples: Samples): boolean {
  if (!wordsOf(metric).includes('total')) return false;
  const pairs = finitePairs(samples);
  const share = (count: number) => count / Math.max(1, pairs.length);
  const falls = pairs.filter(([previous, value]) => value < previous).length;
  const rises = pairs.filter(([previous, value]) => value > previous).length;
  return share(falls) <= MOST_FALLS && share(rises) >= LEAST_RISES;
}

/** Rate per second of a counter; NaN at its first sample and where it starts anew. */
export function rateOf(samples: Samples): Samples {
  const { times, values } = samples;
  const step = stepOf(samples);
  const rates = values.map((value, at) => {
    const previous = values[at - 1] ?? Number.NaN;
    const seconds = ((times[at] ?? 0) - (times[at - 1] ?? 0)) / 1000;
    return value >= previous && seconds <= (2 * step) / 1000 ? (value - previous) / seconds : Number.NaN;
  });
  return { times, values: rates };
}
