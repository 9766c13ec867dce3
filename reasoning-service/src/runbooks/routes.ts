import { Category } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { type Route, route } from '@aetherius/shared/http';
import { z } from 'zod';
import type { RunbookIndex } from './find-runbooks.ts';
import { Runbook } from './runbook.ts';

const MOST = 20;

/** Runbooks over REST: found by words and cause, read by id. */
export const runbookRoutes = ({ runbooks }: { runbooks: RunbookIndex }): Route[] => [
  route({
    method: 'get',
    path: '/api/v1/runbooks',
    summary: 'Runbooks for a cause or with any of the words, best first',
    role: 'viewer',
    request: {
      query: z.object({
        q: z.string().max(500).default(''),
        category: Category.optional(),
        kind: z.string().max(63).optional(),
      }),
    },
    response: z.object({ items: z.array(Runbook.pick({ id: true, title: true }).extend({ why: z.string() })) }),
    handler: async ({ query: { q, category, kind } }) => ({ items: runbooks.find({ category, kind, words: q }, MOST) }),
  }),
  route({
    method: 'get',
    path: '/api/v1/runbooks/:id',
    summary: 'One runbook with its text',
    role: 'viewer',
    request: { params: z.object({ id: z.string() }) },
    response: Runbook,
    handler: async ({ params: { id } }) => {
      const found = runbooks.get(id);
      if (found === undefined) throw errors.not_found({ runbook: id });
      return found;
    },
  }),
];
