import { Json, JsonObject, Subject } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { type Actor, encodeCursor, page, pageQuery, type Route, route } from '@aetherius/shared/http';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { z } from 'zod';
import { controlStore } from '../engine/control-store.ts';
import { type Approval, approvalStore } from './approval-store.ts';

const statuses = ['pending', 'approved', 'rejected', 'expired', 'closed'] as const;
const Shown = z.object({
  id: z.string(),
  run_id: z.string(),
  path: z.string(),
  message: z.string(),
  requester: z.string(),
  action: z.string().nullable(),
  target: Subject.nullable(),
  parameters: JsonObject.nullable(),
  before: Json,
  after: Json,
  plan_hash: z.string().nullable(),
  status: z.enum(statuses),
  expires_at: z.string(),
  decided_by: z.string().nullable(),
  decided_at: z.string().nullable(),
  comment: z.string().nullable(),
  created_at: z.string(),
});
const ListQuery = z.object({ ...pageQuery, status: z.enum(statuses).default('pending') });
const Comment = z.object({ comment: z.string().max(2000).nullable().default(null) });

type Needs = { db: Db; newId: () => string; wake: () => void };
type Deciding = { id: string; approved: boolean; actor: Actor; comment: string | null };

/** Approvals over REST: what waits for a person, and the person's word. */
export function approvalRoutes(needs: Needs): Route[] {
  const verdictRoute = (verb: 'approve' | 'reject', summary: string): Route =>
    route({
      method: 'post',
      path: `/api/v1/approvals/:id/${verb}`,
      summary,
      role: 'approver',
      request: { params: z.object({ id: z.string() }), body: Comment },
      response: Shown,
      handler: ({ params, body, actor }) =>
        decide(needs, { id: params.id, approved: verb === 'approve', actor, comment: body.comment }),
    });
  return [
    route({
      method: 'get',
      path: '/api/v1/approvals',
      summary: 'Approvals by status, the oldest first',
      role: 'viewer',
      request: { query: ListQuery },
      response: page(Shown),
      handler: ({ query }) => list(needs.db, query),
    }),
    verdictRoute('approve', 'Allow exactly the change that is shown; not by whoever asked for it'),
    verdictRoute('reject', 'Forbid the change; the run escalates'),
  ];
}

async function list(db: Db, { status, cursor, limit }: z.infer<typeof ListQuery>) {
  const items = await approvalStore.list(db, { status, after: cursor, limit });
  const last = items.length === limit ? items.at(-1) : undefined;
  return { items, next_cursor: last === undefined ? null : encodeCursor([last.created_at, last.id]) };
}

async function decide({ db, newId, wake }: Needs, { id, approved, actor, comment }: Deciding): Promise<Approval> {
  const decided = await withTransaction(db, async (tx) => {
    const approval = await approvalStore.one(tx, id);
    if (approval === undefined) throw errors.not_found({ approval: id });
    if (approval.requester === actor.id)
      throw errors.forbidden({ reason: 'whoever asked for a change cannot decide on it' });
    const taken = await approvalStore.decide(tx, { id, approved, by: actor.id, comment });
    if (taken === undefined) throw errors.conflict({ approval: id, status: approval.status });
    const action = approved ? 'approval.approve' : 'approval.reject';
    await controlStore.audit(tx, {
      id: newId(),
      at: taken.decided_at ?? taken.created_at,
      actor: actor.id,
      action,
      target: `${taken.run_id}:${taken.path}`,
    });
    return taken;
  });
  wake();
  return decided;
}
