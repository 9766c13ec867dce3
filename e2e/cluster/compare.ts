import type { Tuple } from './tuples.ts';

/** What only one of two clusters said about the same fault. */
export type Differences = { missing: Tuple[]; extra: Tuple[] };

/** Compares what the simulator said with what the real cluster said: `missing` is real only, `extra` is simulated only. */
export const compare = (real: readonly Tuple[], simulated: readonly Tuple[]): Differences => ({
  missing: real.filter((tuple) => !simulated.includes(tuple)),
  extra: simulated.filter((tuple) => !real.includes(tuple)),
});
