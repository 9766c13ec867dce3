import { Diagnosis, Json, Severity, Subject } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { type Actor, encodeCursor, page, pageQuery, type Route, route } from '@aetherius/shared/http';
import { type Db, type Tx, withTransaction } from '@aetherius/shared/postgres';
import { z } from 'zod';
import { controlStore } from './control-store.ts';
import type { EffectStore } from './effect-store.ts';
import { type RunRow, runStatuses } from './run.ts';
import { runView } from './run-view.ts';

const Execution = z.object({
  id: z.string(),
  workflow: z.string(),
  version: z.int(),
  strategy: z.string().nullable(),
  requester: z.string(),
  status: z.enum(runStatuses),
  incident_id: z.string(),
  episode: z.int(),
  cluster_id: z.string(),
  severity: Severity,
  subject: Subject,
  phase: z.string().nullable(),
  diagnosis: Diagnosis.nullable(),
  action: z.string().nullable(),
  outcome: z.string().nullable(),
  note: z.string().nullable(),
  crashes: z.int(),
  created_at: z.string(),
  finished_at: z.string().nullable(),
});
const Step = z.object({
  path: z.string(),
  kind: z.string(),
  status: z.enum(['started', 'done', 'failed']),
  attempt: z.int(),
  input: Json,
  output: Json,
  reason: z.string().nullable(),
  late_result: Json,
  deadline: z.string().nullable(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
});
const Notification = z.object({
  path: z.string(),
  severity: z.string(),
  message: z.string(),
  status: z.enum(['recorded', 'pending', 'sent', 'failed']),
  attempts: z.int(),
  problem: z.string().nullable(),
  created_at: z.string(),
});
const Detailed = Execution.extend({ steps: z.array(Step), notifications: z.array(Notification) });
const ListQuery = z.object({
  ...pageQuery,
  status: z.enum(runStatuses).optional(),
  incident_id: z.string().optional(),
  cluster_id: z.string().optional(),
  workflow: z.string().optional(),
});
const ById = z.object({ id: z.string() });

type Needs = { db: Db; effects: EffectStore; newId: () => string; wake: () => void };
type Verb = 'cancel' | 'pause' | 'resume';

/** Executions (runs) over REST. */
export function executionRoutes(needs: Needs): Route[] {
  const verbRoute = (verb: Verb, summary: string): Route =>
    route({
      method: 'post',
      path: `/api/v1/executions/:id/${verb}`,
      summary,
      role: 'responder',
      request: { params: ById },
      response: Execution,
      handler: ({ params, actor }) => control(needs, { id: params.id, verb, actor }),
    });
  return [
    route({
      method: 'get',
      path: '/api/v1/executions',
      summary: 'Executions, the newest first',
      role: 'viewer',
      request: { query: ListQuery },
      response: page(Execution),
      handler: ({ query }) => list(needs.db, query),
    }),
    route({
      method: 'get',
      path: '/api/v1/executions/:id',
      summary: 'One execution with its journal and notifications',
      role: 'viewer',
      request: { params: ById },
      response: Detailed,
      handler: ({ params }) => detailed(needs.db, params.id),
    }),
    verbRoute('cancel', 'End an execution; commands that have not left are withdrawn'),
    verbRoute('pause', 'Hold an execution; what arrives meanwhile is kept'),
    verbRoute('resume', 'Let a paused execution go on'),
  ];
}

const shown = ({ definition, strategy, incident, ...run }: RunRow): z.infer<typeof Execution> => ({
  id: run.id,
  workflow: definition,
  version: run.version,
  strategy: strategy?.name ?? null,
  requester: run.requester,
  status: run.status,
  incident_id: incident.id,
  episode: incident.episode,
  cluster_id: incident.cluster_id,
  severity: incident.severity,
  subject: incident.subject,
  phase: run.phase,
  diagnosis: run.diagnosis,
  action: run.action,
  outcome: run.outcome,
  note: run.note,
  crashes: run.crashes,
  created_at: run.created_at,
  finished_at: run.finished_at,
});

async function list(db: Db, { cursor, limit, status, incident_id, cluster_id, workflow }: z.infer<typeof ListQuery>) {
  const rows = await runView.list(db, { status, incident_id, cluster_id, workflow, before: cursor, limit });
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return { items: rows.map(shown), next_cursor: last === undefined ? null : encodeCursor([last.created_at, last.id]) };
}

async function detailed(db: Db, id: string): Promise<z.infer<typeof Detailed>> {
  const run = await runView.one(db, id);
  if (run === undefined) throw errors.not_found({ execution: id });
  const [steps, notifications] = await Promise.all([runView.steps(db, id), runView.notifications(db, id)]);
  return Detailed.parse({ ...shown(run), steps, notifications });
}

type Controlling = { id: string; verb: Verb; actor: Actor };

async function control(needs: Needs, controlling: Controlling): Promise<z.infer<typeof Execution>> {
  const { db, wake } = needs;
  const run = await withTransaction(db, (tx) => controlIn(tx, needs, controlling));
  wake();
  return shown(run);
}

async function controlIn(tx: Tx, { effects, newId }: Needs, { id, verb, actor }: Controlling): Promise<RunRow> {
  const run = await controlStore.lock(tx, id);
  if (run === undefined) throw errors.not_found({ execution: id });
  const changed =
    verb === 'cancel'
      ? await controlStore.cancel(tx, id, `cancelled by ${actor.id}`)
      : await controlStore[verb](tx, id);
  if (changed === 0) throw errors.conflict({ execution: id, status: run.status, cannot: verb });
  const after = (await controlStore.lock(tx, id)) ?? run;
  const at = new Date().toISOString();
  await controlStore.audit(tx, { id: newId(), at, actor: actor.id, action: `execution.${verb}`, target: id });
  const { phase, diagnosis, action, outcome, note } = after;
  if (verb === 'cancel') {
    await effects.end(tx, after, { progress: { phase, diagnosis, action, outcome, note }, now: at });
  }
  return after;
}
