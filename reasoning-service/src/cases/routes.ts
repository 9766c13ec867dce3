import { Category, SimilarCase } from '@aetherius/shared/contracts';
import { encodeCursor, page, pageQuery, type Route, route } from '@aetherius/shared/http';
import { type Clock, newId } from '@aetherius/shared/service';
import { z } from 'zod';
import { LARGE_BODY_BYTES } from '../large-body.ts';
import { decayed } from '../learning/decay.ts';
import type { Remedy } from '../recommendations/remedy.ts';
import { Case, type KeptCase, ShownCase } from './case.ts';
import type { CaseStore } from './case-store.ts';
import { CaseFile, madeBySites, masked, NewCase, refuseUnknownAction } from './given-case.ts';
import { mostSimilar } from './similarity.ts';

type Needs = { cases: CaseStore; library: readonly Case[]; remedies: readonly Remedy[]; clock: Clock };

const CANDIDATES = 200;

const words = z
  .string()
  .max(2000)
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  );

/** Cases over REST: read page by page, found by likeness or by words, added singly or as a file. */
export const caseRoutes = ({ cases, library, remedies, clock }: Needs): Route[] => [
  route({
    method: 'get',
    path: '/api/v1/cases',
    summary: 'Cases, newest first; a page of them is a file that /api/v1/cases/import takes',
    role: 'viewer',
    request: { query: z.object(pageQuery) },
    response: page(ShownCase),
    handler: async ({ query: { limit, cursor } }) => {
      const items = await cases.list({ limit, before: cursor });
      const last = items.at(-1);
      return {
        items: items.map(shown(clock.now())),
        next_cursor: items.length < limit || last === undefined ? null : encodeCursor([last.at, last.id]),
      };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/cases/similar',
    summary: 'Cases most like a cause and symptoms, with the symptoms that both have',
    role: 'viewer',
    request: {
      query: z.object({
        category: Category,
        symptoms: words.meta({ description: 'Such as event/FailedMount,phase/Pod=Pending' }),
        event_reason: z.string().min(1).max(100).optional(),
        limit: pageQuery.limit,
      }),
    },
    response: z.object({ cases: z.array(SimilarCase) }),
    handler: async ({ query: { category, symptoms, event_reason, limit } }) => {
      const present = [...symptoms, ...(event_reason === undefined ? [] : [`event/${event_reason}`])];
      const candidates = await cases.candidates({ category, symptoms: present }, CANDIDATES);
      const like = { category, symptoms: present, object_kinds: [], edges: [] };
      return { cases: mostSimilar(like, candidates, { most: limit, now: clock.now() }) };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/cases/search',
    summary: 'Cases whose text has any of the words, best first',
    role: 'viewer',
    request: { query: z.object({ q: z.string().min(1).max(500), limit: pageQuery.limit }) },
    response: z.object({ cases: z.array(ShownCase) }),
    handler: async ({ query: { q, limit } }) => ({ cases: (await cases.search(q, limit)).map(shown(clock.now())) }),
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
      refuseUnknownAction('action', body.action, remedies);
      const at = clock.now().toISOString();
      const kept: Case = { ...masked(body), id: newId(), incident_id: null, source: 'person', at };
      await cases.keep([kept]);
      return kept;
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/cases/import',
    summary: 'Keep the cases of a file; what is here and later stays as it is, and so does what is shipped',
    role: 'admin',
    request: { body: CaseFile },
    bodyLimit: LARGE_BODY_BYTES,
    response: z.object({
      read: z.int(),
      shipped: z
        .int()
        .meta({ description: 'Of these, cases of the library, which comes with each version: left alone' }),
    }),
    handler: async ({ body: { items } }) => {
      const shipped = new Set(library.map(({ id }) => id));
      const made = madeBySites(items, { shipped, remedies, now: clock.now() });
      await cases.keep(made);
      return { read: items.length, shipped: items.length - made.length };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/knowledge/stats',
    summary: 'How much is known, and where it is kept',
    role: 'viewer',
    response: z.object({ store: z.enum(['postgres', 'neo4j']), cases: z.int(), symptoms: z.int(), ends: z.int() }),
    handler: async () => ({ store: cases.kind, ...(await cases.count()) }),
  }),
];

const shown =
  (now: Date) =>
  ({ ends, ...one }: KeptCase) => ({ ...one, ends: decayed(ends, now) });
