import { ClusterId, Json, Severity, Subject, WorkflowDefinition } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { type Route, route } from '@aetherius/shared/http';
import { type Db, withTransaction } from '@aetherius/shared/postgres';
import { z } from 'zod';
import { checkDefinition, usersOf } from './check.ts';
import { definitionStore, type StoredDefinition } from './definition-store.ts';
import { invalidDefinition } from './errors.ts';

const Listed = z.object({
  name: z.string(),
  version: z.int(),
  description: z.string(),
  origin: z.enum(['file', 'rest']),
  steps: z.int(),
  created_at: z.string(),
});
const Shown = Listed.extend({ definition: z.record(z.string(), Json) });
const ByName = z.object({ name: z.string() });

/** Who and what a run that a person starts is about. */
const ManualIncident = z.object({
  cluster_id: ClusterId,
  subject: Subject,
  severity: Severity.default('medium'),
  reason: z.string().min(1).default('manual'),
});
export type ManualStart = { name: string; incident: z.infer<typeof ManualIncident>; requester: string };

const listed = ({ name, version, source, origin, created_at }: StoredDefinition) => ({
  name,
  version,
  description: source.description,
  origin,
  steps: source.steps.length,
  created_at,
});
const shown = (stored: StoredDefinition) => ({
  ...listed(stored),
  definition: stored.source as unknown as Record<string, z.infer<typeof Json>>,
});

type Needs = { db: Db; start: (manual: ManualStart) => Promise<string> };

/** Workflows over REST: read, add a version, start by hand. */
export function workflowRoutes({ db, start }: Needs): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/workflows',
      summary: 'Workflows in their latest version',
      role: 'viewer',
      response: z.object({ items: z.array(Listed) }),
      handler: async () => ({ items: (await definitionStore.all(db)).map(listed) }),
    }),
    route({
      method: 'get',
      path: '/api/v1/workflows/:name',
      summary: 'One workflow with its steps',
      role: 'viewer',
      request: { params: ByName },
      response: Shown,
      handler: async ({ params }) => shown(await definitionOf(db, params.name)),
    }),
    route({
      method: 'post',
      path: '/api/v1/workflows',
      summary: 'Check a workflow and store it as a new version',
      role: 'admin',
      request: { body: z.record(z.string(), z.unknown()) },
      response: Shown,
      status: 201,
      handler: async ({ body }) => shown(await withTransaction(db, (tx) => accept(tx, body))),
    }),
    route({
      method: 'post',
      path: '/api/v1/workflows/:name/execute',
      summary: 'Start a workflow by hand; whatever it changes needs the approval of someone else',
      role: 'responder',
      request: { params: ByName, body: z.object({ incident: ManualIncident }) },
      response: z.object({ run_id: z.string() }),
      status: 202,
      handler: async ({ params, body, actor }) => ({
        run_id: await start({ name: params.name, incident: body.incident, requester: actor.id }),
      }),
    }),
  ];
}

async function definitionOf(db: Db, name: string): Promise<StoredDefinition> {
  const stored = await definitionStore.latest(db, name);
  if (stored === undefined) throw errors.not_found({ workflow: name });
  return stored;
}

/** The workflows that use this one get a new version too: what they use was put in place when they were stored. */
async function accept(tx: Parameters<typeof definitionStore.latest>[0], body: unknown): Promise<StoredDefinition> {
  const known = await definitionStore.known(tx);
  const checked = checkDefinition(body, known);
  if (!checked.ok) throw invalidDefinition(checked.problems);
  known.set(checked.value.name, WorkflowDefinition.parse(checked.value));
  await definitionStore.saveAll(tx, [checked.value, ...usersOf(checked.value.name, known)], 'rest');
  const stored = await definitionStore.latest(tx, checked.value.name);
  if (stored === undefined) throw errors.not_found({ workflow: checked.value.name });
  return stored;
}
