import type { Category, Recommendation, Severity, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';

/** One possible cause with what speaks for it. `weight` is the confidence that the evidence alone earns, 0 to 1. */
export type Hypothesis = {
  category: Category;
  severity: Severity;
  subject: Subject;
  cause: { subject: Subject; description: string };
  weight: number;
  evidence: Evidence[];
  recommendations: Recommendation[];
};

/** A rule looks at the facts and binds at most one cause to its evidence. */
export type Rule = (facts: Facts) => Hypothesis | undefined;
