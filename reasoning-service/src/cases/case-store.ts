import type { Category } from '@aetherius/shared/contracts';
import type { Place } from '@aetherius/shared/http';
import type { Case, CaseEnd, KeptCase } from './case.ts';

export type CaseCounts = { cases: number; symptoms: number; ends: number };

/** Where cases are kept; Postgres always, Neo4j when there is one. Every write may come twice and then changes nothing. */
export type CaseStore = {
  kind: 'postgres' | 'neo4j';
  /** A later case of the same id replaces the earlier one, and an earlier one changes nothing. */
  keep(cases: readonly Case[]): Promise<void>;
  /** Ends of cases that are not kept are dropped. */
  note(ends: readonly CaseEnd[]): Promise<void>;
  /** Cases that share the cause or a symptom, those that share most symptoms first. */
  candidates(like: { category: Category; symptoms: readonly string[] }, most: number): Promise<KeptCase[]>;
  /** Cases whose text has any of the words, best first. */
  search(words: string, most: number): Promise<KeptCase[]>;
  /** Cases newest first, from just after `before`. */
  list(page: { limit: number; before: Place | undefined }): Promise<KeptCase[]>;
  count(): Promise<CaseCounts>;
};

/** One case of each id, so that a store can take them all at once: the later one, and of two that are as late the last. */
export function latestOfEach(cases: readonly Case[]): Case[] {
  const latest = new Map<string, Case>();
  for (const one of cases) {
    const known = latest.get(one.id);
    if (known === undefined || Date.parse(known.at) <= Date.parse(one.at)) latest.set(one.id, one);
  }
  return [...latest.values()];
}

/** Letters and digits of a question, which no query language gives a meaning. */
export const wordsIn = (text: string): string[] => (text.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, 20);
