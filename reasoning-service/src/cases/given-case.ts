import { Action, Feedback, maybe } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { redactDeep } from '@aetherius/shared/redact';
import { z } from 'zod';
import { refuseUnmeasured } from '../given-times.ts';
import type { Remedy } from '../recommendations/remedy.ts';
import { Case, cut, ShownCase } from './case.ts';

/** A case may end as an incident does, as what a person corrected, or as the library has it. */
const Outcome = z.enum([...Feedback.shape.outcome.options, 'corrected', 'documented']);

const GivenCase = Case.extend({ incident_id: maybe(z.string().min(1).max(100)), outcome: Outcome });

/** A case that a person knows of. */
export const NewCase = GivenCase.omit({ id: true, incident_id: true, source: true, at: true });

/** A page of cases as it was given; ends are counted where they happened, so those of a file are left. */
export const CaseFile = z.object({
  items: z
    .array(GivenCase.extend({ ends: ShownCase.shape.ends.optional() }))
    .min(1)
    .max(500),
  next_cursor: z.string().nullable().optional(),
});
type FiledCase = z.infer<typeof CaseFile>['items'][number];

/** What counts as a remedy that was tried is one that exists, as in a verdict. */
export function refuseUnknownAction(field: string, action: string | null, remedies: readonly Remedy[]): void {
  if (action === null || Action.safeParse(action).success || remedies.some(({ name }) => name === action)) return;
  const message = 'is neither an action of the catalogue nor a remedy; what else was done goes into the summary';
  throw errors.invalid_input({ fields: [{ field: `body.${field}`, message }] });
}

/** The words of a case without secrets, as every text of a site is kept; a mask may be longer than what it hides. */
export function masked<C extends z.infer<typeof NewCase>>(given: C): C {
  const { title, summary, symptoms, object_kinds, edges } = given;
  const words = redactDeep({ title, summary, symptoms, object_kinds, edges });
  const tokens = (all: readonly string[]) => all.map((one) => cut(one, 200));
  return {
    ...given,
    title: cut(words.title, 200),
    summary: cut(words.summary, 2000),
    symptoms: tokens(words.symptoms),
    object_kinds: tokens(words.object_kinds),
    edges: tokens(words.edges),
  };
}

type Here = { shipped: ReadonlySet<string>; remedies: readonly Remedy[]; now: Date };

/**
 * The cases of a file that a site made. What is shipped comes with each version, and a file must neither replace it nor claim
 * to be it.
 */
export function madeBySites(items: readonly FiledCase[], { shipped, remedies, now }: Here): Case[] {
  const made = items.flatMap((one, of) => (one.source === 'library' || shipped.has(one.id) ? [] : [{ one, of }]));
  refuseUnmeasured(
    made.map(({ one: { at }, of }) => ({ field: `items.${of}.at`, at })),
    now,
  );
  for (const { one, of } of made) refuseUnknownAction(`items.${of}.action`, one.action, remedies);
  return made.map(({ one: { ends, ...one } }) => masked(one));
}
