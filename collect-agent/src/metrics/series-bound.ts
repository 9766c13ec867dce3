import { keyOf, type Sample } from './sample.ts';

/** Most series of one source of a cluster, kept up over time. */
export const MOST_SERIES = 2_000;

/** Symptoms first: without them nothing is known to be wrong; then what a workload uses up, then single calls. */
const order = [/^(requests|error|latency)/, /^(cpu|memory)/, /^container/, /./];
const rankOf = ({ series }: Sample): number =>
  order.findIndex((pattern) => pattern.test(series.name)) + (series.labels['caller'] === undefined ? 0 : order.length);

/** What goes out of a sample: series that went out before stay, and new ones come in by their worth until it is full. */
export function bounded(
  samples: readonly Sample[],
  known: ReadonlyMap<string, unknown>,
): { kept: Sample[]; leftOut: number } {
  const ranked = samples
    .map((sample) => ({ sample, key: keyOf(sample) }))
    .sort(
      (a, b) =>
        Number(known.has(b.key)) - Number(known.has(a.key)) ||
        rankOf(a.sample) - rankOf(b.sample) ||
        (a.key < b.key ? -1 : 1),
    );
  return {
    kept: ranked.slice(0, MOST_SERIES).map(({ sample }) => sample),
    leftOut: Math.max(0, ranked.length - MOST_SERIES),
  };
}
