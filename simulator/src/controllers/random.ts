/** A repeatable source of numbers between 0 and 1. */
export type Random = () => number;

/** Random numbers that depend on the seed alone (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The letters of generated names: no vowels and nothing that reads like another letter. */
export const nameLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** A random ending of a generated name. */
export const randomSuffix = (random: Random, length = 5): string =>
  Array.from({ length }, () => nameLetters.charAt(Math.floor(random() * nameLetters.length))).join('');
