import type { Category } from '@aetherius/shared/contracts';
import file from './vocabulary.json' with { type: 'json' };

const words = (text: string): string[] => text.split(/\s+/);

/** A word without its inflection, near enough to see that `crashed` is `crash`. */
export const stemOf = (word: string): string => {
  const bare = word.toLowerCase().replace(/['’]s$/, '');
  if (bare.length <= 3) return bare;
  const stem = bare.replace(/(?:ies|ied)$/, 'y').replace(/(?:ing|ed|es|s|e|ly)$/, '');
  return stem.replace(/([b-df-hj-np-tv-z])\1$/, '$1');
};
const stems = (text: string): ReadonlySet<string> => new Set(words(text).map(stemOf));

type CauseNames = readonly (readonly [name: string, categories: readonly Category[]])[];
const names = (of: Readonly<Record<string, readonly Category[]>>): CauseNames => Object.entries(of);
const { plain, chinese } = file;

/**
 * The closed vocabulary of what a model may say beyond what it was shown. It holds no name of a thing, no cause and no word of
 * acting; those that it lists beside the plain words are there to be held back.
 */
export const vocabulary = {
  plain: stems(Object.values(plain).join(' ')),
  /** Only in this form: their plain forms are orders. */
  forms: new Set(words(file.forms)),
  /** With these, a token or a number a sentence may begin: none of them is an order. */
  openers: new Set(words(`${plain.function} ${plain.describing} ${file.openers}`).map(stemOf)),
  orders: new Set(words(file.orders)),
  acting: stems(file.acting),
  compounds: stems(file.compounds),
  causeNames: [...names(file.cause_names), ...names(chinese.cause_names)],
  chinese: {
    plain: new Set(words(`${chinese.plain} ${chinese.verbs}`)),
    verbs: words(chinese.verbs),
    /** Chinese for a word of the evidence, which is English. */
    terms: Object.entries({ ...chinese.terms, ...chinese.acting }),
    acting: Object.keys(chinese.acting),
  },
};
