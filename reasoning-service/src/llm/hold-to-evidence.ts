import type { Category } from '@aetherius/shared/contracts';
import { isActionText } from './action-text.ts';
import type { ModelAnswer } from './model-answer.ts';
import { isOrder, readShown, type Shown, strangeCauseNames, strangeWord } from './plain-statement.ts';
import { strangeCategories, strangeWords } from './strange-words.ts';

/** What the model was given: the numbers, the text and the causes that it may use. */
export type Given = {
  /** Bundle ids by the number that the prompt gave them. */
  evidence: ReadonlyMap<string, string>;
  /** Everything that the prompt showed, names as tokens. */
  shown: string;
  /** The diagnosis' own cause and those that it weighs against it. */
  causes: readonly Category[];
  /** The causes that the rules left close, which may be ordered. */
  close: readonly Category[];
  strangers(text: string): string[];
};

export type Drop = 'no_evidence' | 'unknown_evidence' | 'unknown_entity' | 'unknown_cause' | 'unknown_word' | 'action';
export type Held = {
  claims: { statement: string; evidence: string[] }[];
  ranking: Category[];
  dropped: Drop[];
};

/**
 * Drops what a model must not say: claims without evidence that exists, every word that it was not given
 * and that is not of the plain vocabulary, causes that nobody asked about, any order to act.
 */
export function holdToEvidence({ claims, ranking }: ModelAnswer, given: Given): Held {
  const held: Held = { claims: [], ranking: rankingOf(ranking, given), dropped: [] };
  const shown = readShown(given.shown, given.causes);
  for (const { statement, evidence } of claims) {
    const drop = reasonToDropCitation(statement, evidence, given) ?? reasonToDropWords(statement, given, shown);
    if (drop !== undefined) held.dropped.push(drop);
    else held.claims.push({ statement: statement.trim(), evidence: idsOf(evidence, given) });
  }
  return held;
}

function reasonToDropCitation(statement: string, evidence: readonly string[], given: Given): Drop | undefined {
  if (idsOf(evidence, given).length === 0) return 'no_evidence';
  const cited = [...evidence, ...numbersIn(statement)];
  return cited.some((number) => !given.evidence.has(number)) ? 'unknown_evidence' : undefined;
}

function reasonToDropWords(statement: string, given: Given, shown: Shown): Drop | undefined {
  const { causes } = given;
  if (isActionText(statement)) return 'action';
  if (strangeCategories(statement, causes).length > 0) return 'unknown_cause';
  if (given.strangers(statement).length > 0 || strangeWords(statement, given.shown).length > 0) return 'unknown_entity';
  if (isOrder(statement, shown, causes)) return 'action';
  if (strangeCauseNames(statement, causes).length > 0) return 'unknown_cause';
  return strangeWord(statement, shown, causes) === undefined ? undefined : 'unknown_word';
}

const idsOf = (evidence: readonly string[], given: Given): string[] => [
  ...new Set(evidence.map((number) => given.evidence.get(number)).filter((id) => id !== undefined)),
];

const numbersIn = (statement: string): string[] =>
  [...statement.matchAll(/\[(E\d+(?:,\s*E\d+)*)\]/g)].flatMap(([, list = '']) => list.split(/,\s*/));

const rankingOf = (ranking: readonly string[], { close }: Given): Category[] =>
  ranking.filter((one, index): one is Category => close.includes(one) && ranking.indexOf(one) === index);
