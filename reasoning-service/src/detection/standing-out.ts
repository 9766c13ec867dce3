import type { Expectation } from './nearest-window.ts';

/** One value, and when it was. */
export type Sample = { at: number; value: number };
/** The least and the most of a block, the first of each. */
export type Extremes = { least: Sample; most: Sample };
/** A sample beyond what was expected of it. */
export type StandingOut = Sample & { expected: Expectation };

/** The extremes of a block; it has one sample at least. */
export function extremesOf(block: readonly Sample[]): Extremes {
  const [first = { at: 0, value: 0 }, ...rest] = block;
  let [least, most] = [first, first];
  for (const one of rest) {
    if (one.value < least.value) least = one;
    if (one.value > most.value) most = one;
  }
  return { least, most };
}

/** How far a sample lies beyond its band. */
const beyond = ({ value, expected: { low, high } }: StandingOut): number => Math.max(low - value, value - high);

/**
 * The sample farthest beyond what was expected of its block, among the blocks that are judged together: a block is judged at its
 * end, when a spike may be over for long. Undefined where each lies within its band and only their course is strange.
 */
export function standingOut(
  blocks: readonly Extremes[],
  expectedOf: (back: number) => Expectation | undefined,
): StandingOut | undefined {
  const samples = blocks.flatMap(({ least, most }, place): StandingOut[] => {
    const expected = expectedOf(blocks.length - 1 - place);
    return expected === undefined ? [] : [least, most].map((one) => ({ ...one, expected }));
  });
  const [farthest] = samples.filter((one) => beyond(one) > 0).sort((a, b) => beyond(b) - beyond(a));
  return farthest;
}
