import type { Category } from '@aetherius/shared/contracts';
import { stemOf, vocabulary } from './vocabulary.ts';

/** Words of what the model was shown. Made once for each answer. */
export type Shown = {
  text: string;
  forms: ReadonlySet<string>;
  stems: ReadonlySet<string>;
  numbers: ReadonlySet<string>;
};

const latin = /\p{Script=Latin}+(?:['’]\p{Script=Latin}+)?/gu;
const number = /\d+(?:\.\d+)?/g;
/** `OOMKilled` is also `OOM` and `Killed`. */
const parts = (word: string): string[] => [word, ...word.split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)];

/** What of a shown text counts when a statement is held against it; a cause may be called by its plain names. */
export function readShown(prompt: string, causes: readonly Category[]): Shown {
  const names = vocabulary.causeNames.filter(([, categories]) => categories.some((one) => causes.includes(one)));
  const text = [prompt, ...names.map(([name]) => name)].join('\n');
  const forms = new Set((text.match(latin) ?? []).flatMap(parts).map((word) => word.toLowerCase()));
  return { text, forms, stems: new Set([...forms].map(stemOf)), numbers: new Set(text.match(number)) };
}

/** Causes that a statement calls by a plain name though nobody asked about them. */
export const strangeCauseNames = (statement: string, given: readonly Category[]): string[] =>
  vocabulary.causeNames
    .filter(([, categories]) => !categories.some((category) => given.includes(category)))
    .map(([name]) => name)
    .filter((name) =>
      /[a-z]/.test(name) ? new RegExp(`\\b${name}s?\\b`, 'i').test(statement) : statement.includes(name),
    );

const tokens = /<[A-Z]+_\d+>/g;
const citations = /\[E\d+(?:,\s*E\d+)*\]/g;
const determiner = '(?:the|a|an|all|this|that|these|those|every|each|any|some|its|it|more|no|§)';

/** A modal is an offer or an order, but "cannot" and "could not" describe. */
const negated = /\b(?:can|could|may|might|will|would|do)(?:\s+not|n['’]t)\b/gi;

/** A statement with `§` for each token, without its citations and the names of given causes. */
function bareOf(statement: string, causes: readonly Category[]): string {
  const named = causes.reduce((text, cause) => text.replaceAll(cause, '§'), statement);
  return named
    .replaceAll(tokens, '§')
    .replaceAll(/\b[A-Z]+_\d+\b/g, '§')
    .replaceAll(citations, ' ')
    .replace(negated, 'not');
}

/** Whether a statement tells or advises to do something, by its form; `shown` gives words of acting the form that they may have. */
export function isOrder(statement: string, shown: Shown, causes: readonly Category[]): boolean {
  const text = bareOf(statement, causes);
  const found = text.match(latin) ?? [];
  return (
    found.some((word) => vocabulary.orders.has(word.toLowerCase())) ||
    /\b(?:is|are|was|were|has|have|had) to\b/i.test(text) ||
    (!/\p{Script=Han}/u.test(text) && opensLikeOrder(text)) ||
    ordersWithinSentence(text) ||
    actsBeyond(text, shown) ||
    isChineseOrder(text)
  );
}

const opensLikeOrder = (text: string): boolean =>
  text.split(/[.;:!?]\s+|\n|[—–]/).some((sentence) => {
    const first = /^[^\p{L}\d§]*([\p{L}\d§]+)/u.exec(sentence)?.[1];
    return first !== undefined && /^\p{L}/u.test(first) && !vocabulary.openers.has(stemOf(first));
  });

const clause = new RegExp(
  `(?:^|[,;:.!?，。；：！？(]|\\b(?:and|or|then|so|but|now|to)\\b)\\s*([a-z]+)\\s+${determiner}(?![a-z])`,
  'giu',
);
const attempt = /(?:\b(?:fail|try|trie|tried|trying|attempt|unable|able|wait|seem|appear|refuse)[a-z]*|not)\s+to\s*$/i;

/** A verb in its plain form with an object behind it, where a clause begins: ", flush the volumes". */
function ordersWithinSentence(text: string): boolean {
  return [...text.matchAll(clause)].some((match) => {
    const [whole, verb = ''] = match;
    const before = text.slice(0, match.index + whole.toLowerCase().lastIndexOf(verb.toLowerCase()));
    const isPlainForm = !/(?:s|ed)$/i.test(verb) && !vocabulary.openers.has(stemOf(verb));
    return isPlainForm && !attempt.test(before);
  });
}

/** A word of acting may only tell what was done or could not be done, or stand in a name such as "restart count". */
const actsBeyond = (text: string, shown: Shown): boolean =>
  [...text.matchAll(latin)].some(({ 0: found, index }) => {
    const word = found.toLowerCase();
    if (!vocabulary.acting.has(stemOf(word)) || vocabulary.forms.has(word)) return false;
    const isShown = shown.forms.has(word) || (/(?:ed|n)$/.test(word) && shown.stems.has(stemOf(word)));
    return !isShown || !tells(word, text.slice(Math.max(0, index - 60), index), text.slice(index + word.length));
  });

const object = new RegExp(`^\\s+${determiner}(?![a-z])`, 'iu');

function tells(word: string, before: string, after: string): boolean {
  const next = /^[\s-]+(\p{L}+)/u.exec(after)?.[1];
  if (next !== undefined && vocabulary.compounds.has(stemOf(next))) return true;
  if (
    /\b(?:not|never)\s+be(?:en)?\s+$|\b(?:cannot|can not)\s+(?:be\s+)?$|\b(?:fail|unable|tri|try)[a-z]*\s+to\s+$/i.test(
      before,
    )
  )
    return true;
  if (/ing$/.test(word)) return !object.test(after);
  if (/(?:ed|n)$/.test(word)) return !/\b(?:to|be|gets?|getting)\s+$/i.test(before);
  return /\b(?:is|was|are|were|been|not)\s+$/i.test(before);
}

const chineseVerbs = new RegExp(
  `(?:^|[，。；：！？、,.;:!?\\n])(?:并且?|再|立即|随后|然后|也|都|同时)?\\s*(?:${vocabulary.chinese.verbs.join('|')})(?!了|失败|被|的|中|时|不|未)`,
  'u',
);
const chineseActs = new RegExp(`(.{0,3})(?:${vocabulary.chinese.acting.join('|')})(.{0,2})`, 'gu');

const isChineseOrder = (text: string): boolean =>
  chineseVerbs.test(text) ||
  [...text.matchAll(chineseActs)].some(
    ([, before = '', after = '']) =>
      !/(?:被|已|已经|反复|多次|失败的)\s*$/.test(before) && !/^\s*(?:了|次|失败)/.test(after),
  );

/** The first word of a statement that is neither shown nor of the plain vocabulary, or undefined when all are. */
export function strangeWord(statement: string, shown: Shown, causes: readonly Category[]): string | undefined {
  const text = bareOf(statement, causes);
  const isKnown = (word: string): boolean => {
    const stem = stemOf(word);
    if (vocabulary.forms.has(word.toLowerCase())) return true;
    return vocabulary.plain.has(stem) || shown.forms.has(word.toLowerCase()) || shown.stems.has(stem);
  };
  return (
    (text.match(latin) ?? []).find((word) => !isKnown(word)) ??
    (text.match(number) ?? []).find((one) => !shown.numbers.has(one)) ??
    (text.match(/\p{Script=Han}+/gu) ?? []).find((run) => !isSpelled(run, shown)) ??
    /[^\p{Script=Latin}\p{Script=Han}\P{L}]/u.exec(text)?.[0]
  );
}

/** Chinese has no gaps: a run is known when known words spell it from its beginning to its end. */
function isSpelled(run: string, shown: Shown): boolean {
  const reached = new Set([0]);
  for (let start = 0; start < run.length; start += 1) {
    if (!reached.has(start)) continue;
    for (let end = start + 1; end <= Math.min(run.length, start + LONGEST); end += 1)
      if (isChineseWord(run.slice(start, end), shown)) reached.add(end);
  }
  return reached.has(run.length);
}

const LONGEST = 8;
const terms = new Map(vocabulary.chinese.terms);

const isChineseWord = (word: string, { text, stems }: Shown): boolean =>
  vocabulary.chinese.plain.has(word) ||
  terms.get(word)?.some((one) => stems.has(stemOf(one))) === true ||
  (word.length > 1 && text.includes(word));
