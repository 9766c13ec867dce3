import type { Diagnosis } from '@aetherius/shared/contracts';

/** What the evidence says beside something that fares well, or did. */
export type Comparison = Diagnosis['comparisons'][number];
