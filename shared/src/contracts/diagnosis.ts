import { z } from 'zod';
import categories from './categories.json' with { type: 'json' };
import { Action, Condition } from './command.ts';
import { Duration, JsonObject, maybe, Severity, Subject } from './fields.ts';

/** The closed list of causes; what each means stands in docs/glossary.md. */
export const Category = z.enum(categories as [string, ...string[]]);
export type Category = z.infer<typeof Category>;

export const Recommendation = z.object({
  action: Action,
  target: Subject,
  parameters: JsonObject.default({}),
  risk: z.enum(['low', 'medium', 'high']),
  reason: z.string(),
  success: z.object({ condition: Condition, held_for: Duration, window: Duration }),
  rollback: maybe(Action),
});
export type Recommendation = z.infer<typeof Recommendation>;

/** Why something is broken, as far as the evidence says. A claim without an evidence id that exists is dropped by code. */
export const Diagnosis = z.object({
  category: Category,
  severity: Severity,
  subject: Subject,
  root_cause: z.object({ subject: Subject, description: z.string() }),
  confidence: z.number().min(0).max(1),
  evidence: z.array(z.object({ id: z.string(), quote: z.string() })),
  rejected: z.array(z.object({ category: Category, reason: z.string() })).default([]),
  recommendations: z.array(Recommendation).default([]),
  similar_cases: z.array(z.object({ case_id: z.string(), summary: z.string(), outcome: z.string() })).default([]),
  missing_evidence: z.array(z.string()).default([]),
  status: z.enum(['answered', 'abstained']),
});
export type Diagnosis = z.infer<typeof Diagnosis>;
