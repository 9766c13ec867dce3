import { Category } from '@aetherius/shared/contracts';

/** Compounds of plain English that look like names. */
const plain = new Set(
  'out-of-memory back-off start-up read-only non-zero up-to-date short-lived long-running so-called out-of-date in-memory run-time time-out well-known built-in on-disk pre-stop post-start non-existent one-time user-defined cluster-wide self-signed key-value command-line follow-up re-created and/or read/write cpu/memory'.split(
    ' ',
  ),
);
/** Words with a joint or a digit in them: `cart-1`, `db.shop`, `10.0.0.9`, `shop/cart`. */
const jointed = /[A-Za-z0-9]+(?:[-._/:@][A-Za-z0-9]+)+/g;
const withDigit = /(?<![A-Za-z0-9<_])(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*\d)[A-Za-z0-9]+(?![A-Za-z0-9>_])/g;
const quantity = /^\d+(?:[./:]\d+)?(?:%|ms|s|m|h|d|st|nd|rd|th|x|[KMGTkmgt]i?B?|[KMGT]i)?$/;
/** Held against the given ones in `strangeCategories`. */
const causes: ReadonlySet<string> = new Set(Category.options);
const quoted = /[`"“”「『']([^`"“”」』']{2,})[`"“”」』']/g;

/**
 * Words of a statement that name something which is not in what the model was shown. The shown text has tokens in place
 * of names, so any other name is either made up or was carried in by hostile text.
 */
export function strangeWords(statement: string, shown: string): string[] {
  const bare = statement.replaceAll(/<?\b[A-Z]+_\d+\b>?/g, ' ').replaceAll(/\[E\d+(?:,\s*E\d+)*\]/g, ' ');
  const known = shown.toLowerCase();
  const words = [...(bare.match(jointed) ?? []), ...(bare.match(withDigit) ?? [])].filter(
    (word) => !quantity.test(word) && !causes.has(word) && !plain.has(word.toLowerCase()) && !/^E\d+$/.test(word),
  );
  const spans = [...bare.matchAll(quoted)]
    .map(([, span = '']) => span.trim())
    .filter((span) => /[A-Za-z0-9]/.test(span));
  return [...words, ...spans].filter((word) => !known.includes(word.toLowerCase()));
}

const categories = new RegExp(`\\b(${Category.options.filter((one) => one.includes('_')).join('|')})\\b`, 'g');

/** Causes of the closed list that a statement names though nobody asked about them. */
export const strangeCategories = (statement: string, given: readonly Category[]): string[] =>
  (statement.match(categories) ?? []).filter((category) => !given.includes(category));
