import { AuditRecord } from '@aetherius/shared/contracts';
import { cursorOf, encodeCursor, page, pageQuery, QueryText, type Route, route } from '@aetherius/shared/http';
import { z } from 'zod';
import type { AuditStore } from './audit-store.ts';

const Chained = AuditRecord.extend({ seq: z.int(), hash: z.string() });

const Filter = z.object({
  actor: QueryText.optional(),
  ...pageQuery,
  cursor: cursorOf(z.tuple([z.int()])).optional(),
});

/** The audit chain for those who check on others. */
export const auditRoutes = (audit: AuditStore): Route[] => [
  route({
    method: 'get',
    path: '/api/v1/audit',
    summary: 'Who did what, newest first',
    role: 'auditor',
    request: { query: Filter },
    response: page(Chained),
    handler: async ({ query: { limit, cursor, actor } }) => {
      const rows = await audit.list({ limit: limit + 1, before: cursor?.[0], actor });
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return { items, next_cursor: rows.length > limit && last !== undefined ? encodeCursor([last.seq]) : null };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/audit/check',
    summary: 'Whether any record was changed or taken out',
    role: 'auditor',
    response: z.object({
      intact: z.boolean(),
      records: z.int(),
      removed: z.int().meta({ description: 'Records that went because of their age' }),
      broken_at: z.int().nullable(),
    }),
    handler: () => audit.check(),
  }),
];
