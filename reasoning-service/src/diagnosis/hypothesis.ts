import type { Category, Diagnosis, Recommendation, Severity, Subject } from '@aetherius/shared/contracts';
import type { Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';

/** One possible cause with what speaks for it and against it. */
export type Hypothesis = {
  category: Category;
  severity: Severity;
  subject: Subject;
  cause: { subject: Subject; description: string };
  /** What it calls in vain where nothing in the bundle stands at it; what several call in vain is one fault. */
  address?: Subject;
  /** How much the evidence alone earns, 0 to 1, before calibration. */
  weight: number;
  evidence: Evidence[];
  recommendations: Recommendation[];
  /** Objects that show this fault, as keys of the graph: what it explains away when another rule reads them differently. */
  affects: string[];
  /** Where not all that shows on what it affects can come of it: whether another fault can. */
  canCause?: (other: Hypothesis) => boolean;
  /** It stands in a manifest as such, and still does when every other fault is mended. */
  isByDesign?: true;
  /** What healthy peers and the revision before say. */
  comparisons?: Diagnosis['comparisons'];
  /** Why it may be wrong all the same; each costs a share of the weight. */
  against?: string[];
};

/** A rule looks at the facts and binds causes to their evidence. */
export type Rule = (facts: Facts) => Hypothesis[];
