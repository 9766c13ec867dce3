import { Action, Category, Feedback } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { type Route, route } from '@aetherius/shared/http';
import { type Clock, newId } from '@aetherius/shared/service';
import { z } from 'zod';
import { Accuracy, accuracyOf } from './accuracy.ts';
import { type Learning, learnFrom } from './learn.ts';
import type { Given } from './measured.ts';
import { causeNamed, markOf, outcomeOf, type Rating, ratingFields } from './rating.ts';
import { Suggestions, suggestionsFrom } from './suggestions.ts';

const Verdict = Feedback.omit({ id: true, source: true, at: true }).extend({
  actual_category: Category.nullable()
    .default(null)
    .meta({ description: 'What it really was, when the answer was wrong' }),
});

/** A verdict in our words, or a mark in those of the public systems; each wants its own two fields. */
const NewFeedback = Verdict.extend({
  incident_id: Verdict.shape.incident_id.optional(),
  outcome: Verdict.shape.outcome.optional(),
  ...ratingFields,
}).superRefine((body, ctx) => {
  const needed = isMark(body) ? (['request_id', 'rating'] as const) : (['incident_id', 'outcome'] as const);
  for (const field of needed)
    if (body[field] === undefined) ctx.addIssue({ code: 'custom', path: [field], message: 'is missing' });
});
type NewFeedback = z.infer<typeof NewFeedback>;

const Accepted = z.object({ status: z.literal('accepted'), feedback_id: z.string(), message: z.string() });

const isMark = (body: { rating?: unknown; request_id?: unknown }): boolean =>
  body.rating !== undefined || body.request_id !== undefined;

type Said = { body: NewFeedback; by: string };

function ratingOf({ body, by }: Said, at: string): Rating {
  return {
    id: body.feedback_id ?? newId(),
    request_id: body.request_id ?? '',
    feedback_type: body.feedback_type ?? 'diagnosis_accuracy',
    rating: markOf(body.rating ?? 'neutral'),
    was_helpful: body.was_helpful ?? null,
    actual_root_cause: body.actual_root_cause ?? null,
    actual_solution: body.actual_solution ?? null,
    comments: body.comments ?? null,
    submitted_by: by,
    at,
  };
}

const refused = (kind: 'not_found' | 'conflict' | 'invalid_input', field: string, message: string) =>
  errors[kind]({ fields: [{ field: `body.${field}`, message }] });

/** Only what was answered here can be judged, and only for what the answer was. */
async function refuseUnanswered({ learning }: Learning, body: NewFeedback): Promise<void> {
  const field = isMark(body) ? 'request_id' : 'incident_id';
  const id = body[field] ?? '';
  if (isMark(body) && body.feedback_type === 'prediction_accuracy') {
    if (!(await learning.wasForecast(id))) throw refused('not_found', field, 'nothing was forecast here under this id');
    return;
  }
  const answered = await learning.answerOf(id);
  if (answered === undefined) throw refused('not_found', field, 'was not answered here');
  for (const [at, stated] of Object.entries({
    category: body.category,
    'diagnosis.category': body.diagnosis?.category,
  }))
    if (stated !== undefined && stated !== null && stated !== answered.category)
      throw refused('conflict', at, `differs from what was answered: ${answered.category}`);
  refuseUnknownAction(body.action, answered.offers);
}

/** What counts as a remedy that was tried is one that exists. */
function refuseUnknownAction(action: string | null | undefined, offers: readonly string[]): void {
  if (action === undefined || action === null || offers.includes(action) || Action.safeParse(action).success) return;
  const way_out = 'what else was done goes into the comment';
  throw refused('invalid_input', 'action', `is neither an action of the catalogue nor what was offered; ${way_out}`);
}

/** Keeps a mark, and learns from it where it says that an answer or a remedy was right or wrong. */
async function rate(needs: Learning, said: Said, at: string): Promise<z.infer<typeof Accepted>> {
  const rating = ratingOf(said, at);
  const isNew = (await needs.learning.rate(rating)) > 0;
  const outcome = outcomeOf(rating);
  if (outcome === undefined)
    return {
      status: 'accepted',
      feedback_id: rating.id,
      message: isNew ? 'kept; it says nothing of how a diagnosis or a remedy turned out' : 'known',
    };
  const { body } = said;
  const given: Given = {
    id: rating.id,
    incident_id: rating.request_id,
    source: 'person',
    category: body.category,
    action: rating.feedback_type === 'recommendation_usefulness' ? body.action : null,
    outcome,
    comment: rating.comments,
    diagnosis: body.diagnosis,
    at,
    actual_category: body.actual_category ?? causeNamed(rating.actual_root_cause),
    actor: said.by,
  };
  await learnFrom(needs, [given]);
  return { status: 'accepted', feedback_id: rating.id, message: `kept as ${outcome}` };
}

async function judge(needs: Learning, { body, by }: Said, at: string): Promise<Feedback> {
  const { actual_category, category, action, comment, diagnosis } = body;
  const { incident_id, outcome } = Verdict.pick({ incident_id: true, outcome: true }).parse(body);
  const own = { incident_id, outcome, category, action, comment, diagnosis };
  const given: Feedback = { ...own, id: newId(), source: 'person', at };
  await learnFrom(needs, [{ ...given, actual_category, actor: by }]);
  return given;
}

/** Verdicts over REST, and what all of them say. */
export const learningRoutes = (needs: Learning & { clock: Clock }): Route[] => [
  route({
    method: 'post',
    path: '/api/v1/feedback',
    summary: "A person's verdict on a diagnosis, or a mark for it",
    role: 'responder',
    request: { body: NewFeedback },
    response: z.union([Feedback, Accepted]),
    status: 201,
    handler: async ({ body, actor }) => {
      await refuseUnanswered(needs, body);
      const at = needs.clock.now().toISOString();
      const said = { body, by: actor.id };
      return isMark(body) ? rate(needs, said, at) : judge(needs, said, at);
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/metrics/accuracy',
    summary: 'How right the answers were, as far as anyone or any repair has said',
    role: 'viewer',
    request: { query: z.object({ root_cause_type: Category.optional() }) },
    response: Accuracy,
    handler: async ({ query: { root_cause_type: cause } }) => {
      const { learning } = needs;
      const [judgements, answers, remedies, ratings, offers] = await Promise.all([
        learning.judgements(cause),
        learning.answers(cause),
        learning.remedyEnds(),
        learning.ratings(),
        learning.taken(cause),
      ]);
      return accuracyOf({
        judgements,
        answers,
        ratings,
        offers,
        remedies: remedies.filter(({ category }) => cause === undefined || category === cause),
      });
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/metrics/suggestions',
    summary: 'What the verdicts say should be improved',
    role: 'viewer',
    response: Suggestions,
    handler: async () => {
      const [judgements, remedies, offers] = await Promise.all([
        needs.learning.judgements(undefined),
        needs.learning.remedyEnds(),
        needs.learning.taken(undefined),
      ]);
      return suggestionsFrom(judgements, remedies, offers);
    },
  }),
];
