import { Category, maybe, Timestamp } from '@aetherius/shared/contracts';
import { z } from 'zod';
import type { Given } from '../learning/measured.ts';
import { remedyVerdict } from '../learning/verdict.ts';
import type { Structure } from './structure.ts';

const tokens = z.array(z.string().min(1).max(200)).max(50).default([]);

/** One incident that is over, kept for the next one of its kind. */
export const Case = z.object({
  id: z.string().min(1).max(100),
  incident_id: maybe(z.string().max(100)),
  source: z.enum(['library', 'run', 'person']),
  title: z.string().min(1).max(200),
  category: Category,
  subject_kind: z.string().min(1).max(63),
  summary: z.string().min(1).max(2000).meta({ description: 'What the cause was, in words' }),
  symptoms: tokens.meta({ description: 'What showed, such as `event/FailedMount` or `ended/OOMKilled`' }),
  object_kinds: tokens,
  edges: tokens.meta({ description: 'What bound the objects, such as `Pod claims PersistentVolumeClaim`' }),
  action: maybe(z.string().max(100)).meta({ description: 'Action or remedy that was used' }),
  outcome: z.string().min(1).max(50),
  at: Timestamp,
});
export type Case = z.infer<typeof Case>;

/** A case as it is shown. */
export const ShownCase = Case.extend({
  ends: z.object({ worked: z.number(), failed: z.number() }).meta({
    description: 'How often its remedy helped and how often not, an older end counting less',
  }),
});

/** The beginning of a text; what the cut left half of cannot be stored. */
export const cut = (text: string, most: number): string => text.slice(0, most).toWellFormed();

/** One time that the remedy of a case was used again. */
export type CaseEnd = { case_id: string; feedback_id: string; worked: boolean; at: string };

/** A case with the times that its remedy was used, newest first. */
export type KeptCase = Case & { ends: Pick<CaseEnd, 'worked' | 'at'>[] };

/**
 * The case that an end makes; none when nothing was diagnosed, for then nothing was learnt.
 * An answer that a person corrected becomes a case of what it really was.
 */
export function caseOf(given: Given, seen: Structure): Case | undefined {
  const { incident_id, source, diagnosis, action, outcome, at } = given;
  if (diagnosis === null || diagnosis.status === 'abstained') return undefined;
  // A case is of a fault that was there.
  if (diagnosis.foreseen != null) return undefined;
  const { subject, root_cause: cause } = diagnosis;
  const category = given.actual_category ?? diagnosis.category;
  return {
    id: `incident-${incident_id}`,
    incident_id,
    source,
    title: cut(`${category} of ${subject.kind} ${subject.name}`, 200),
    category,
    subject_kind: subject.kind,
    summary: cut(
      given.actual_category === null ? cause.description : (given.comment ?? `not ${diagnosis.category}`),
      2000,
    ),
    ...seen,
    action,
    outcome: outcome === 'wrong' && given.actual_category !== null ? 'corrected' : outcome,
    at,
  };
}

/**
 * What an end says about the remedy of its own case and of the cases that were shown for it and had used the same. Which were
 * shown is a run's to say: a person sends the diagnosis along, and it may name any case.
 */
export function endsOf({ id, incident_id, source, diagnosis, action, outcome, at }: Given): CaseEnd[] {
  const verdict = remedyVerdict({ action, outcome });
  if (verdict === undefined || diagnosis === null) return [];
  const shown = source === 'run' ? diagnosis.similar_cases : [];
  const alike = shown.filter(({ remedy }) => remedy === action).map(({ case_id }) => case_id);
  return [`incident-${incident_id}`, ...alike].map((case_id) => ({
    case_id,
    feedback_id: id,
    worked: verdict === 'worked',
    at,
  }));
}
