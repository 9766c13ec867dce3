import type { Place } from '@aetherius/shared/http';
import { type Query, sql, type Tx } from '@aetherius/shared/postgres';
import type { RunRow } from './run.ts';

export type RunFilter = {
  status: string | undefined;
  incident_id: string | undefined;
  cluster_id: string | undefined;
  workflow: string | undefined;
  before: Place | undefined;
  limit: number;
};

/** What is shown of a step; the raw answer stays inside. */
export type StepRow = {
  path: string;
  kind: string;
  status: string;
  attempt: number;
  input: unknown;
  output: unknown;
  reason: string | null;
  late_result: unknown;
  deadline: string | null;
  started_at: string;
  finished_at: string | null;
};
export type NotificationRow = {
  path: string;
  severity: string;
  message: string;
  status: string;
  attempts: number;
  problem: string | null;
  created_at: string;
};

/** Runs as people read them. */
export const runView = {
  list: (tx: Tx, filter: RunFilter): Promise<RunRow[]> =>
    tx.many<RunRow>(
      sql`select * from run where ${conditions(filter)} order by created_at desc, id desc limit ${filter.limit}`,
    ),

  one: (tx: Tx, id: string): Promise<RunRow | undefined> => tx.maybe<RunRow>(sql`select * from run where id = ${id}`),

  steps: (tx: Tx, id: string): Promise<StepRow[]> =>
    tx.many<StepRow>(sql`
      select path, kind, status, attempt, input, coalesce(step.output, blob.body) as output, reason, late_result, deadline, started_at, finished_at
      from step left join blob on blob.hash = step.output_hash where run_id = ${id} order by seq`),

  notifications: (tx: Tx, id: string): Promise<NotificationRow[]> =>
    tx.many<NotificationRow>(sql`
      select path, severity, message, status, attempts, problem, created_at from notification where run_id = ${id} order by created_at`),
} as const;

function conditions({ status, incident_id, cluster_id, workflow, before }: RunFilter): Query {
  const given: Query[] = [sql`true`];
  if (status !== undefined) given.push(sql`status = ${status}`);
  if (incident_id !== undefined) given.push(sql`incident ->> 'id' = ${incident_id}`);
  if (cluster_id !== undefined) given.push(sql`incident ->> 'cluster_id' = ${cluster_id}`);
  if (workflow !== undefined) given.push(sql`definition = ${workflow}`);
  if (before !== undefined) given.push(sql`(created_at, id) < (${before.at}::timestamptz, ${before.id})`);
  return sql.join(given, ' and ');
}
