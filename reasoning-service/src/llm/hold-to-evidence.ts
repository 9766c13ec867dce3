import type { Category } from '@aetherius/shared/contracts';
import { isActionText } from './action-text.ts';
import type { ModelAnswer } from './model-answer.ts';
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

export type Drop = 'no_evidence' | 'unknown_evidence' | 'unknown_entity' | 'unknown_cause' | 'action';
export type Held = {
  claims: { statement: string; evidence: string[] }[];
  ranking: Category[];
  dropped: Drop[];
};

/** Drops what a model must not say: claims without evidence that exists, names and causes that it was not given, any order to act. */
export function holdToEvidence({ claims, ranking }: ModelAnswer, given: Given): Held {
  const held: Held = { claims: [], ranking: rankingOf(ranking, given), dropped: [] };
  for (const { statement, evidence } of claims) {
    const drop = reasonToDrop(statement, evidence, given);
    if (drop !== undefined) held.dropped.push(drop);
    else held.claims.push({ statement: statement.trim(), evidence: idsOf(evidence, given) });
  }
  return held;
}

function reasonToDrop(statement: string, evidence: readonly string[], given: Given): Drop | undefined {
  const ids = idsOf(evidence, given);
  if (ids.length === 0) return 'no_evidence';
  if (
    evidence.some((number) => !given.evidence.has(number)) ||
    numbersIn(statement).some((one) => !given.evidence.has(one))
  )
    return 'unknown_evidence';
  if (isActionText(statement)) return 'action';
  if (strangeCategories(statement, given.causes).length > 0) return 'unknown_cause';
  if (given.strangers(statement).length > 0 || strangeWords(statement, given.shown).length > 0) return 'unknown_entity';
  return undefined;
}

const idsOf = (evidence: readonly string[], given: Given): string[] => [
  ...new Set(evidence.map((number) => given.evidence.get(number)).filter((id) => id !== undefined)),
];

const numbersIn = (statement: string): string[] =>
  [...statement.matchAll(/\[(E\d+(?:,\s*E\d+)*)\]/g)].flatMap(([, list = '']) => list.split(/,\s*/));

const rankingOf = (ranking: readonly string[], { close }: Given): Category[] =>
  ranking.filter((one, index): one is Category => close.includes(one) && ranking.indexOf(one) === index);
