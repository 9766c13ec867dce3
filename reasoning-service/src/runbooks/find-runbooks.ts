import type { Diagnosis } from '@aetherius/shared/contracts';
import type { Runbook } from './runbook.ts';

export type FoundRunbook = { id: string; title: string; why: string };
type Asked = { category?: string | undefined; kind?: string | undefined; words: string };

/** Saturation and length of BM25 (Robertson and Zaragoza 2009), at their usual values. */
const K1 = 1.2;
const B = 0.75;
/** A title or keyword says as much as this many words of the text. */
const HEAD_WEIGHT = 4;
/** A diagnosis has many words, and some occur anywhere: it is near a runbook that it shares so many words of the title and keywords with. */
const LEAST_HEAD_WORDS = 2;

const wordsOf = (text: string): string[] => (text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []).map(stem);
/** Plural and tense hardly matter here; anything finer would cost a dictionary. */
const stem = (word: string): string => word.replace(/(?:ing|ed|es|s)$/, '') || word;
const common = new Set(
  'the and for that with from this are was not its has have which when then than but can cannot may one all'
    .split(' ')
    .map(stem),
);
/** Worth looking for, but what almost any diagnosis speaks of: these bring it near no runbook. */
const anywhere = new Set('pod container node namespace cluster error fail failed'.split(' ').map(stem));

type Indexed = { runbook: Runbook; head: Set<string>; counts: Map<string, number>; length: number };

function indexOf(runbook: Runbook): Indexed {
  const head = wordsOf([runbook.title, ...runbook.keywords].join(' '));
  const all = [...Array.from({ length: HEAD_WEIGHT }, () => head).flat(), ...wordsOf(runbook.text)];
  const counts = new Map<string, number>();
  for (const word of all) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { runbook, head: new Set(head), counts, length: all.length };
}

/** Full text and category over a set of runbooks that is read once. */
export function createRunbookIndex(runbooks: readonly Runbook[]) {
  const indexed = runbooks.map(indexOf);
  const mean = indexed.reduce((sum, { length }) => sum + length, 0) / Math.max(1, indexed.length);
  const having = new Map<string, number>();
  for (const { counts } of indexed) for (const word of counts.keys()) having.set(word, (having.get(word) ?? 0) + 1);
  const rarity = (word: string): number => {
    const among = having.get(word) ?? 0;
    return Math.log(1 + (indexed.length - among + 0.5) / (among + 0.5));
  };
  const score = ({ counts, length }: Indexed, words: readonly string[]): number =>
    words.reduce((sum, word) => {
      const count = counts.get(word) ?? 0;
      return sum + (rarity(word) * count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / mean));
    }, 0);

  const find = ({ category, kind, words }: Asked, most: number): FoundRunbook[] => {
    const asked = [...new Set(wordsOf(words))].filter((word) => !common.has(word));
    return indexed
      .map((one) => ({
        one,
        isFor: Number(category !== undefined && (one.runbook.categories as string[]).includes(category)),
        isOfKind: Number(kind !== undefined && one.runbook.kinds.includes(kind)),
        shared: asked.filter((word) => one.counts.has(word)),
        score: score(one, asked),
      }))
      .filter(
        ({ one, isFor, shared }) =>
          isFor === 1 ||
          (category === undefined
            ? shared.length > 0
            : shared.filter((word) => one.head.has(word) && !anywhere.has(word)).length >= LEAST_HEAD_WORDS),
      )
      .toSorted(
        (a, b) =>
          b.isFor - a.isFor ||
          b.isOfKind - a.isOfKind ||
          b.score - a.score ||
          a.one.runbook.id.localeCompare(b.one.runbook.id),
      )
      .slice(0, most)
      .map(({ one, isFor, shared }) => ({
        id: one.runbook.id,
        title: one.runbook.title,
        why: isFor === 1 ? `written for ${category}` : `speaks of ${shared.slice(0, 5).join(', ')}`,
      }));
  };
  return {
    find,
    /** What a diagnosis cites: runbooks for its cause, or where there are none those that speak of what it says. */
    forDiagnosis: ({ category, subject, root_cause: cause, evidence }: Diagnosis, most: number): FoundRunbook[] => {
      if (category === 'no_incident') return [];
      const words = [cause.description, ...evidence.map(({ quote }) => quote)].join(' ');
      const found = find({ category, kind: subject.kind, words }, most);
      const written = found.filter(({ why }) => why.startsWith('written for'));
      return written.length > 0 ? written : found;
    },
    get: (id: string): Runbook | undefined => runbooks.find((one) => one.id === id),
  };
}
export type RunbookIndex = ReturnType<typeof createRunbookIndex>;
