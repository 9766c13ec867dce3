import { z } from 'zod';
import categories from './categories.json' with { type: 'json' };
import { Action, Condition } from './command.ts';
import { EvidenceRead, MAX_READS } from './evidence-read.ts';
import { Duration, JsonObject, maybe, Severity, Subject, Timestamp } from './fields.ts';

/** The closed list of causes; what each means stands in docs/glossary.md. */
export const Category = z.enum(categories as [string, ...string[]]);
export type Category = z.infer<typeof Category>;

/** Something that an agent can do about it; the list is ordered by `score`. */
export const Recommendation = z.object({
  name: maybe(z.string()).meta({ description: 'Entry of the catalogue of remedies' }),
  score: maybe(z.number()).meta({ description: 'Confidence, weighed by risk and by how the remedy did before' }),
  action: Action,
  target: Subject,
  parameters: JsonObject.default({}),
  risk: z.enum(['low', 'medium', 'high']),
  reason: z.string(),
  success: z.object({ condition: Condition, held_for: Duration, window: Duration }),
  rollback: maybe(Action),
});
export type Recommendation = z.infer<typeof Recommendation>;

/** Something that only people can do about it; `look` is a read-only command that shows what they need. */
export const Advice = z.object({
  name: z.string(),
  score: z.number(),
  risk: z.enum(['low', 'medium', 'high']),
  title: z.string(),
  steps: z.array(z.string()),
  look: maybe(z.object({ action: Action, target: Subject, parameters: JsonObject })),
  expect: z.string().meta({ description: 'What shows that it helped' }),
  undo: maybe(z.string()),
});
export type Advice = z.infer<typeof Advice>;

/** A case of before that resembles this one, with the symptoms that both share; it informs and never decides. */
export const SimilarCase = z.object({
  case_id: z.string(),
  summary: z.string(),
  outcome: z.string(),
  remedy: maybe(z.string()),
  similarity: maybe(z.number().min(0).max(1)),
  matched: z.array(z.string()).default([]),
});
export type SimilarCase = z.infer<typeof SimilarCase>;

/**
 * A language model's words for a diagnosis, for people only; it decides nothing.
 * `text` is null when it could not be had or nothing of it held, and `degraded_reason` says why.
 */
export const Explanation = z.object({
  text: maybe(z.string()),
  language: z.string(),
  model: z.string(),
  degraded_reason: maybe(z.string()),
});
export type Explanation = z.infer<typeof Explanation>;

/**
 * What the metrics around an incident say, by the same code that ranks root causes of given data: entities below the subject
 * with the observations that speak for them, or nothing with the reason. It stands beside the verdict and starts no repair.
 */
export const MetricCauses = z.object({
  status: z.enum(['answered', 'empty']),
  reason: maybe(z.string()).meta({ description: 'Why there is no answer' }),
  onset: maybe(Timestamp),
  onset_found: z.boolean(),
  target: maybe(z.object({ entity: z.string(), metric: z.string() })).meta({ description: 'The metric to explain' }),
  confidence: z.number().min(0).max(1),
  strength: z.enum(['strong', 'fair', 'weak', 'none']),
  series: z.int().nonnegative().meta({ description: 'Series that were looked at' }),
  ranked: z.array(
    z.object({
      subject: Subject,
      entity: z.string(),
      metric: z.string(),
      evidence: z.array(z.object({ id: z.string(), quote: z.string() })),
    }),
  ),
});
export type MetricCauses = z.infer<typeof MetricCauses>;

/** When something will be broken, where it is not yet: the category then says what is running out. */
export const Foreseen = z.object({
  reached_at: maybe(Timestamp),
  earliest_at: maybe(Timestamp),
  latest_at: maybe(Timestamp),
  probability: z.number().min(0).max(1),
});
export type Foreseen = z.infer<typeof Foreseen>;

/** Why something is broken, as far as the evidence says. A claim without an evidence id that exists is dropped by code. */
export const Diagnosis = z.object({
  category: Category,
  severity: Severity,
  subject: Subject,
  root_cause: z.object({ subject: Subject, description: z.string() }),
  confidence: z.number().min(0).max(1),
  evidence: z.array(z.object({ id: z.string(), quote: z.string() })),
  comparisons: z
    .array(
      z.object({
        with: z.enum(['peers', 'revision_before']),
        speaks: z.enum(['for', 'against', 'neither']).meta({
          description: 'Whether the fault lies in what differs, as far as the comparison goes',
        }),
        says: z.string(),
        evidence: z.array(z.object({ id: z.string(), quote: z.string() })),
      }),
    )
    .default([])
    .meta({ description: 'The fault beside healthy peers and beside the revision before' }),
  rejected: z.array(z.object({ category: Category, reason: z.string() })).default([]),
  recommendations: z.array(Recommendation).default([]),
  advice: z.array(Advice).default([]),
  similar_cases: z.array(SimilarCase).default([]),
  runbooks: z.array(z.object({ id: z.string(), title: z.string(), why: z.string() })).default([]),
  missing_evidence: z.array(z.string()).default([]),
  reads: z
    .array(EvidenceRead)
    .max(MAX_READS)
    .default([])
    .meta({ description: 'What an agent can read that would say more' }),
  foreseen: maybe(Foreseen).optional().meta({ description: 'Null for a fault that is there' }),
  explanation: maybe(Explanation).optional().meta({ description: 'Null where no language model was asked' }),
  metric_causes: maybe(MetricCauses).optional().meta({ description: 'Null where no metrics are known' }),
  status: z.enum(['answered', 'abstained']),
});
export type Diagnosis = z.infer<typeof Diagnosis>;
