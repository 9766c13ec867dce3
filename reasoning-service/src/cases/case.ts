import { Category, type Feedback, maybe, Timestamp } from '@aetherius/shared/contracts';
import { z } from 'zod';

/** One incident that is over, kept for the next one of its kind. */
export const Case = z.object({
  id: z.string().min(1).max(100),
  incident_id: maybe(z.string()),
  category: Category,
  subject_kind: z.string().min(1).max(63),
  summary: z.string().min(1).max(2000),
  symptoms: z.array(z.string().max(200)).max(50),
  action: maybe(z.string().max(100)),
  outcome: z.string().min(1).max(50),
  at: Timestamp,
});
export type Case = z.infer<typeof Case>;

/** The case that the end of a run makes; none when nothing was diagnosed, for then nothing was learnt. */
export function caseOf({ incident_id, diagnosis, action, outcome, at }: Feedback): Case | undefined {
  if (diagnosis === null || diagnosis.status === 'abstained') return undefined;
  return {
    id: `incident-${incident_id}`,
    incident_id,
    category: diagnosis.category,
    subject_kind: diagnosis.subject.kind,
    summary: diagnosis.root_cause.description.slice(0, 2000),
    symptoms: diagnosis.evidence.map(({ quote }) => quote.slice(0, 200)).slice(0, 50),
    action,
    outcome,
    at,
  };
}
