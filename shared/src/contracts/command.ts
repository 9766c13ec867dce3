import { z } from 'zod';
import { fieldParameters, wholeParameters } from './action-parameters.ts';
import { ClusterId, Duration, JsonObject, maybe, ObjectRef, Timestamp } from './fields.ts';

/** Everything that an agent can be told to do. */
export const Action = z.enum([
  'restart_workload',
  'scale_workload',
  'set_resources',
  'rollback_workload',
  'delete_pod',
  'evict_pod',
  'cordon_node',
  'uncordon_node',
  'set_probe',
  'set_strategy',
  'pause_rollout',
  'resume_rollout',
  'set_service_account',
  'set_pull_secrets',
  'set_config_reference',
  'set_node_selector',
  'tolerate_taint',
  'untolerate_taint',
  'relax_anti_affinity',
  'require_anti_affinity',
  'resize_claim',
  'set_quota',
  'set_autoscaler_bounds',
  'set_disruption_budget',
  'set_starting_deadline',
  'set_job_deadline',
  'set_service_selector',
  'set_service_port',
  'set_ingress_backend',
  'set_ingress_class',
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
  'claim_resized',
  'quota_in_force',
  'autoscaler_active',
  'budget_allows_disruption',
  'cron_job_started',
  'cron_job_succeeded',
  'ingress_backends_exist',
  'ingress_has_address',
]);
export type Condition = z.infer<typeof Condition>;

/** Parameters of each action; an unknown parameter is refused, not ignored. */
export const parametersOf = {
  ...wholeParameters,
  ...fieldParameters,
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
