import type { Category } from '@aetherius/shared/contracts';

/**
 * What a program says when a known cause makes it fail: `target` is the host, variable, path or right that it names, the first
 * group of the pattern; a group `port` goes with the host.
 */
export type Signature = {
  category: Category;
  pattern: RegExp;
  /** What the frames before the statement must show as well. */
  trace?: RegExp;
  words: (target: string) => string;
  /** It says no more than that no connection came about: what stands beside it may say why. */
  isVague?: true;
};
