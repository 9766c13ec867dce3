import { Category, Feedback } from '@aetherius/shared/contracts';
import { type Route, route } from '@aetherius/shared/http';
import { type Clock, newId } from '@aetherius/shared/service';
import { z } from 'zod';
import { Accuracy, accuracyOf } from './accuracy.ts';
import { type Learning, learnFrom } from './learn.ts';
import { Suggestions, suggestionsFrom } from './suggestions.ts';

const NewFeedback = Feedback.omit({ id: true, source: true, at: true }).extend({
  actual_category: Category.nullable()
    .default(null)
    .meta({ description: 'What it really was, when the answer was wrong' }),
});

/** Verdicts over REST, and what all of them say. */
export const learningRoutes = (needs: Learning & { clock: Clock }): Route[] => [
  route({
    method: 'post',
    path: '/api/v1/feedback',
    summary: "A person's verdict on a diagnosis",
    role: 'responder',
    request: { body: NewFeedback },
    response: Feedback,
    status: 201,
    handler: async ({ body: { actual_category, ...body } }) => {
      const given: Feedback = { ...body, id: newId(), source: 'person', at: needs.clock.now().toISOString() };
      await learnFrom(needs, { ...given, actual_category });
      return given;
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
      const [judgements, answers, remedies] = await Promise.all([
        learning.judgements(cause),
        learning.answers(cause),
        learning.remedyEnds(),
      ]);
      return accuracyOf({
        judgements,
        answers,
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
      const [judgements, remedies] = await Promise.all([
        needs.learning.judgements(undefined),
        needs.learning.remedyEnds(),
      ]);
      return suggestionsFrom(judgements, remedies);
    },
  }),
];
