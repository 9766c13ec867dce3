import { Category, Feedback } from '@aetherius/shared/contracts';
import { encodeCursor, page, pageQuery, type Route, route } from '@aetherius/shared/http';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { type Clock, newId } from '@aetherius/shared/service';
import { z } from 'zod';
import { Case, caseOf } from './case.ts';
import type { CaseStore } from './case-store.ts';

type Needs = { db: Db; cases: CaseStore; clock: Clock };

const NewCase = Case.omit({ id: true, incident_id: true, at: true });
const NewFeedback = Feedback.omit({ id: true, source: true, at: true });

/** Cases and verdicts over REST. */
export const caseRoutes = ({ db, cases, clock }: Needs): Route[] => [
  route({
    method: 'get',
    path: '/api/v1/cases',
    summary: 'Cases, newest first',
    role: 'viewer',
    request: { query: z.object(pageQuery) },
    response: page(Case),
    handler: async ({ query: { limit, cursor } }) => {
      const items = await cases.list({ limit, before: cursor });
      const last = items.at(-1);
      return {
        items,
        next_cursor: items.length < limit || last === undefined ? null : encodeCursor([last.at, last.id]),
      };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/cases/similar',
    summary: 'The latest cases of one cause on one kind of object',
    role: 'viewer',
    request: {
      query: z.object({ category: Category, kind: z.string().default('Deployment'), limit: pageQuery.limit }),
    },
    response: z.object({ cases: z.array(Case) }),
    handler: async ({ query: { category, kind, limit } }) => ({
      cases: await cases.similar({ category, subject: { kind, namespace: null, name: '' } }, limit),
    }),
  }),
  route({
    method: 'post',
    path: '/api/v1/cases',
    summary: 'Keep a case that a person knows of',
    role: 'responder',
    request: { body: NewCase },
    response: Case,
    status: 201,
    handler: async ({ body }) => {
      const kept: Case = { ...body, id: newId(), incident_id: null, at: clock.now().toISOString() };
      await withTransaction(db, (tx) => cases.keep(tx, kept));
      return kept;
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/feedback',
    summary: "A person's verdict on a diagnosis",
    role: 'responder',
    request: { body: NewFeedback },
    response: Feedback,
    status: 201,
    handler: async ({ body }) => {
      const given: Feedback = { ...body, id: newId(), source: 'person', at: clock.now().toISOString() };
      const made = caseOf(given);
      await withTransaction(db, async (tx) => {
        await cases.record(tx, given);
        if (made !== undefined) await cases.keep(tx, made);
      });
      return given;
    },
  }),
];
