import type { Category, Diagnosis } from '@aetherius/shared/contracts';
import type { Hypothesis } from '../diagnosis/hypothesis.ts';

/** Weights that differ by less are as good as equal: the rules have no reason to prefer one. */
const CLOSE = 0.1;

/** Hypotheses that the rules left close behind the best, best first; none when one is clearly ahead. */
export function closeHypotheses(weak: readonly Hypothesis[]): Category[] {
  const sorted = [...weak].filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  const best = sorted[0]?.weight ?? 0;
  const close = [...new Set(sorted.filter(({ weight }) => best - weight < CLOSE).map(({ category }) => category))];
  return close.length > 1 ? close : [];
}

/**
 * The close hypotheses of an abstained diagnosis in the order of a ranking. Only their places among each other change:
 * the category, the confidence and what may be done stay as the rules left them.
 */
export function inOrder(diagnosis: Diagnosis, close: readonly Category[], ranking: readonly string[]): Diagnosis {
  const place = (category: Category) => {
    const at = ranking.indexOf(category);
    return at === -1 ? ranking.length : at;
  };
  const moved = diagnosis.rejected
    .filter(({ category }) => close.includes(category))
    .sort((a, b) => place(a.category) - place(b.category));
  return {
    ...diagnosis,
    rejected: diagnosis.rejected.map((one) => (close.includes(one.category) ? (moved.shift() ?? one) : one)),
  };
}
