import type { Json, JsonObject, Subject } from '@aetherius/shared/contracts';
import type { Place } from '@aetherius/shared/http';
import { sql, type Tx } from '@aetherius/shared/postgres';
import { wake } from '../engine/answer-store.ts';
import type { Answer } from '../engine/journal.ts';

export type Approval = {
  id: string;
  run_id: string;
  path: string;
  message: string;
  requester: string;
  action: string | null;
  target: Subject | null;
  parameters: JsonObject | null;
  before: Json;
  after: Json;
  plan_hash: string | null;
  status: 'pending' | 'approved' | 'rejected' | 'expired' | 'closed';
  expires_at: string;
  decided_by: string | null;
  decided_at: string | null;
  comment: string | null;
  created_at: string;
};
type Verdict = { id: string; approved: boolean; by: string; comment: string | null };

const late = sql`case when status = 'pending' and expires_at <= now() then 'expired' else status end`;
const columns = sql`id, run_id, path, message, requester, action, target, parameters, before, after, plan_hash,
  ${late} as status, expires_at, decided_by, decided_at, comment, created_at`;

/** Questions to people and what they said. */
export const approvalStore = {
  list: (
    tx: Tx,
    { status, after, limit }: { status: string; after: Place | undefined; limit: number },
  ): Promise<Approval[]> =>
    tx.many<Approval>(sql`
      select ${columns} from approval
      where ${late} = ${status} and (${after === undefined} or (created_at, id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}))
      order by created_at, id limit ${limit}`),

  one: (tx: Tx, id: string): Promise<Approval | undefined> =>
    tx.maybe<Approval>(sql`select ${columns} from approval where id = ${id}`),

  /**
   * Writes the verdict and hands it to the waiting step; undefined when it was decided, closed or expired meanwhile. The
   * run is locked first, as everywhere, so that a verdict and a cancellation cannot each wait for the other.
   */
  decide: async (tx: Tx, { id, approved, by, comment }: Verdict): Promise<Approval | undefined> => {
    await tx.run(sql`select 1 from run where id = (select run_id from approval where id = ${id}) for update`);
    const approval = await tx.maybe<Approval>(sql`
      update approval set status = ${approved ? 'approved' : 'rejected'}, decided_by = ${by}, decided_at = now(), comment = ${comment}
      where id = ${id} and status = 'pending' and expires_at > now() returning ${columns}`);
    if (approval === undefined) return undefined;
    const answer: Answer = { kind: 'verdict', approved, by, comment };
    await tx.run(sql`
      update step set answer = ${answer} where run_id = ${approval.run_id} and path = ${approval.path} and status = 'started'`);
    await wake(tx, approval.run_id);
    return approval;
  },
} as const;
