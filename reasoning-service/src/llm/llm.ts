import type { Diagnosis } from '@aetherius/shared/contracts';

/**
 * A language model may put a finished diagnosis into words; it never adds a cause, a target or an action.
 * Its text is shown to people and goes nowhere else.
 */
export type Llm = { explain(diagnosis: Diagnosis): Promise<string> };
