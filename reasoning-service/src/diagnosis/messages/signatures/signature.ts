import type { Category } from '@aetherius/shared/contracts';

/** What a program says when a known cause makes it fail: `target` is the host, variable, path or right that it names. */
export type Signature = {
  category: Category;
  pattern: RegExp;
  words: (target: string) => string;
};
