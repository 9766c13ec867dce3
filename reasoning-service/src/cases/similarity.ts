import type { Category, SimilarCase } from '@aetherius/shared/contracts';
import { decayed } from '../learning/decay.ts';
import type { KeptCase } from './case.ts';
import type { Structure } from './structure.ts';

/** What each part of the structure says at most; the symptoms say most. */
const shares = { symptoms: 0.6, edges: 0.15, kinds: 0.1, category: 0.15 } as const;
/** Cases that have less in common than this are not worth a person's time. */
const LEAST = 0.2;

/** An incident as it is compared with cases. */
export type Present = Structure & { category: Category };

/**
 * The cases most like what is present: weighted overlap (Jaccard) of symptoms, edges and kinds, and the same cause.
 * A symptom that many candidates share says little: its weight is its inverse document frequency among them.
 */
export function mostSimilar(
  present: Present,
  candidates: readonly KeptCase[],
  { most, now }: { most: number; now: Date },
): SimilarCase[] {
  const weigh = rarity(candidates);
  return candidates
    .filter(({ outcome }) => outcome !== 'wrong')
    .map((one) => ({ one, similarity: round(likeness(present, one, weigh)), helped: netHelp(one, now) }))
    .filter(({ similarity }) => similarity >= LEAST)
    .toSorted((a, b) => b.similarity - a.similarity || b.helped - a.helped || a.one.id.localeCompare(b.one.id))
    .slice(0, most)
    .map(({ one, similarity }) => ({
      case_id: one.id,
      summary: one.summary,
      outcome: one.outcome,
      remedy: one.action,
      similarity,
      matched: one.symptoms.filter((symptom) => present.symptoms.includes(symptom)),
    }));
}

const round = (value: number): number => Math.round(value * 100) / 100;

function netHelp({ ends }: KeptCase, now: Date): number {
  const { worked, failed } = decayed(ends, now);
  return worked - failed;
}

type Weigh = (symptom: string) => number;

function rarity(candidates: readonly KeptCase[]): Weigh {
  const counts = new Map<string, number>();
  for (const symptom of candidates.flatMap(({ symptoms }) => symptoms))
    counts.set(symptom, (counts.get(symptom) ?? 0) + 1);
  return (symptom) => Math.log(1 + candidates.length / (counts.get(symptom) ?? 1));
}

/** Parts that neither side has say nothing, and their share goes to the others. */
function likeness(present: Present, one: KeptCase, weigh: Weigh): number {
  const parts = [
    { share: shares.symptoms, value: overlap(present.symptoms, one.symptoms, weigh) },
    { share: shares.edges, value: overlap(present.edges, one.edges, () => 1) },
    { share: shares.kinds, value: overlap(present.object_kinds, one.object_kinds, () => 1) },
    { share: shares.category, value: Number(present.category === one.category) },
  ].flatMap(({ share, value }) => (value === undefined ? [] : [{ share, value }]));
  const total = parts.reduce((sum, { share }) => sum + share, 0);
  return parts.reduce((sum, { share, value }) => sum + share * value, 0) / total;
}

/** Weighted Jaccard index of two sets, or undefined when both are empty. */
function overlap(a: readonly string[], b: readonly string[], weigh: Weigh): number | undefined {
  const sum = (words: Iterable<string>) => [...words].reduce((total, word) => total + weigh(word), 0);
  const both = sum(new Set(a.filter((word) => b.includes(word))));
  const all = sum(new Set([...a, ...b]));
  return all === 0 ? undefined : both / all;
}
