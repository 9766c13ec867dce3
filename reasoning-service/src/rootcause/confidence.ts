export type Certainty = { confidence: number; strength: 'strong' | 'fair' | 'weak' };

const WEAK = 0.3;
/** Below this deviation a cause is a guess, whatever its lead. */
export const LEAST_FAIR = 3;

/** Lead of the first over the second: 0.5 when they are equal, 1 when there is no second. */
export const marginOf = (top: number, second: number): number => (top <= 0 ? 0 : top / (top + Math.max(0, second)));

/** How sure an answer from cause metrics is, by the measured bands of docs/adr/0009: lead and deviation must both be there. */
export function certaintyOf(deviation: number, margin: number): Certainty {
  if (margin >= 0.8 && deviation >= 8) return { confidence: 0.95, strength: 'strong' };
  if (margin >= 0.6 && deviation >= LEAST_FAIR) return { confidence: 0.7, strength: 'fair' };
  return { confidence: WEAK, strength: 'weak' };
}

/** What passed the gates of the budgets was right whatever its share. */
export const budgetCertainty: Certainty = { confidence: 0.9, strength: 'strong' };
/** The walk without request rates was right less often. */
export const walkCertainty: Certainty = { confidence: 0.7, strength: 'fair' };
/** Symptoms alone, without a call graph, are a guess. */
export const symptomCertainty: Certainty = { confidence: WEAK, strength: 'weak' };

/** Below this deviation nothing is said at all. */
export const LEAST_DEVIATION = 2;
