/** What was written for the agent to tell, and what came of it. */
export type Told = {
  /** When each numbered warning was written, in milliseconds. */
  written: ReadonlyMap<number, number>;
  /** When the bus stored each message that carries a number, in the order of the stream. */
  stored: readonly { number: number; at: number }[];
  /** How many the agent says that it had to cut. */
  cut: number;
};

/** Each warning is published once or counted as cut; anything else is dropped without a word, or told twice. */
export function accountOf({ written, stored, cut }: Told): {
  published: number;
  doubled: number;
  dropped_uncounted: number;
  latencies: number[];
} {
  const first = new Map<number, number>();
  for (const { number, at } of stored) if (!first.has(number)) first.set(number, at);
  const latencies = [...first].flatMap(([number, at]) => {
    const from = written.get(number);
    return from === undefined ? [] : [at - from];
  });
  return {
    published: latencies.length,
    doubled: stored.length - first.size,
    dropped_uncounted: written.size - latencies.length - cut,
    latencies,
  };
}

/** The slope of the line through samples, as memory in MiB over the whole time in which an hour's churn was replayed. */
export function slopeOver(samples: readonly number[]): number {
  const middle = (samples.length - 1) / 2;
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const spread = samples.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  const slope = samples.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0) / spread;
  return slope * (samples.length - 1);
}
