import { z } from 'zod';
import { ClusterId, Duration, JsonObject, maybe, ObjectRef, Timestamp } from './fields.ts';

/** Everything that an agent can be told to do. */
export const Action = z.enum([
  'restart_workload',
  'scale_workload',
  'set_resources',
  'rollback_workload',
  'delete_pod',
  'cordon_node',
  'uncordon_node',
  'get',
  'describe',
  'events',
  'logs',
  'observe',
  'configure',
]);
export type Action = z.infer<typeof Action>;

/** Actions that change nothing in the cluster. */
export const readOnlyActions: ReadonlySet<Action> = new Set(['get', 'describe', 'events', 'logs', 'observe']);

/** What has to be seen in the cluster for an action to count as a success. */
export const Condition = z.enum([
  'workload_available',
  'pod_ready',
  'node_ready',
  'node_unschedulable',
  'node_schedulable',
  'object_gone',
  'claim_bound',
  'service_has_endpoints',
]);
export type Condition = z.infer<typeof Condition>;

const quantity = z
  .string()
  .regex(/^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi)?$/, 'a Kubernetes quantity such as "256Mi" or "500m"');
const resources = z.object({ cpu: quantity, memory: quantity }).partial().strict();

/** Parameters of each action; an unknown parameter is refused, not ignored. */
export const parametersOf = {
  restart_workload: z.strictObject({}),
  scale_workload: z.strictObject({ replicas: z.int().min(0).max(1000) }),
  set_resources: z.strictObject({
    container: z.string().min(1),
    requests: resources.default({}),
    limits: resources.default({}),
  }),
  rollback_workload: z.strictObject({ to_revision: z.int().positive().optional() }),
  delete_pod: z.strictObject({ grace_seconds: z.int().min(0).max(3600).optional() }),
  cordon_node: z.strictObject({}),
  uncordon_node: z.strictObject({}),
  get: z.strictObject({}),
  describe: z.strictObject({}),
  events: z.strictObject({ limit: z.int().min(1).max(500).default(100) }),
  logs: z.strictObject({
    container: z.string().min(1).optional(),
    previous: z.boolean().default(false),
    tail_lines: z.int().min(1).max(2000).default(100),
  }),
  observe: z.strictObject({
    condition: Condition,
    held_for: Duration,
    window: Duration,
  }),
  configure: z.strictObject({ kill_switch: z.enum(['on', 'off']) }),
} satisfies Record<Action, z.ZodType>;

/** One order to one agent. `id` is `run_id:step_path`, without the attempt: a retry must find its own mark. */
export const Command = z.object({
  id: z.string().min(1).max(300),
  cluster_id: ClusterId,
  issuer: z.enum(['orchestrator', 'manager']),
  action: Action,
  target: ObjectRef,
  parameters: JsonObject.default({}),
  expected: maybe(z.string()).meta({
    description: 'Hash of the before values of the fields that the action will change',
  }),
  expires_in: Duration,
  dry_run: z.boolean().default(false),
  traceparent: maybe(z.string()),
});
export type Command = z.infer<typeof Command>;

/** The agent's immediate answer to a command. */
export const CommandReply = z.object({
  command_id: z.string(),
  status: z.enum(['accepted', 'refused']),
  reason: maybe(z.string()),
});
export type CommandReply = z.infer<typeof CommandReply>;

/** What came of a command. `unknown` is not success: the target is read again before anything else. */
export const CommandResult = z.object({
  command_id: z.string(),
  cluster_id: ClusterId,
  issuer: z.enum(['orchestrator', 'manager']),
  status: z.enum(['done', 'failed', 'refused', 'unknown']),
  reason: maybe(z.string()),
  output: maybe(JsonObject),
  changed: maybe(z.object({ before: JsonObject, after: JsonObject, hash: z.string() })),
  started_at: Timestamp,
  duration: Duration,
});
export type CommandResult = z.infer<typeof CommandResult>;

/** Annotation on a changed object that names the last ten commands carried out on it. */
export const COMMANDS_ANNOTATION = 'aetherius.io/commands';
