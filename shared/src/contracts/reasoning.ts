import { z } from 'zod';
import { Bundle } from './bundle.ts';
import { Diagnosis } from './diagnosis.ts';
import { maybe, Timestamp } from './fields.ts';

/** One question; `id` comes back with the answer so that the asking step can be completed. */
export const ReasoningRequest = z.object({
  id: z.string().min(1),
  incident_id: z.string(),
  question: z.enum(['root_cause']),
  reasons: z.array(z.string()).default([]),
  bundle: Bundle,
});
export type ReasoningRequest = z.infer<typeof ReasoningRequest>;

export const ReasoningAnswer = z.object({
  id: z.string().min(1),
  incident_id: z.string(),
  diagnosis: Diagnosis,
  duration_ms: z.number().nonnegative(),
});
export type ReasoningAnswer = z.infer<typeof ReasoningAnswer>;

/** How a diagnosis turned out: by a run's end or by a person's word. */
export const Feedback = z.object({
  id: z.string().min(1),
  incident_id: z.string(),
  source: z.enum(['run', 'person']),
  category: maybe(z.string()),
  action: maybe(z.string()),
  outcome: z.enum([
    'verified',
    'contained',
    'rolled_back',
    'not_repaired',
    'cancelled',
    'failed',
    'confirmed',
    'wrong',
  ]),
  comment: maybe(z.string().max(2000)),
  diagnosis: maybe(Diagnosis),
  at: Timestamp,
});
export type Feedback = z.infer<typeof Feedback>;
