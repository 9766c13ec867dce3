import { z } from 'zod';
import { ClusterId, Duration, maybe, Timestamp } from './fields.ts';

/** An agent's introduction. `agent_id` is its own: `<cluster>-<pod uid or host>`. */
export const Register = z.object({
  agent_id: z.string().min(1).max(200),
  cluster_id: ClusterId,
  display_name: maybe(z.string().max(200)),
  version: z.string(),
  started_at: Timestamp,
  kubernetes_version: maybe(z.string()),
  capabilities: z.array(z.string()).default([]),
  changes_allowed: z.boolean(),
});
export type Register = z.infer<typeof Register>;

/** What the manager answers to a registration. */
export const AgentSettings = z.object({ status: z.literal('registered'), heartbeat_interval: Duration });
export type AgentSettings = z.infer<typeof AgentSettings>;

/** A sign of life with true figures: depths of real queues, age of the last event of each watch, both in seconds. */
export const Heartbeat = z.object({
  agent_id: z.string().min(1).max(200),
  cluster_id: ClusterId,
  at: Timestamp,
  status: z.enum(['healthy', 'degraded', 'standby']),
  queues: z.record(z.string(), z.number()),
  watches: z.record(z.string(), z.object({ synced: z.boolean(), age_seconds: z.number() })),
  uptime_seconds: z.number().nonnegative(),
  leader: z.boolean(),
  problems: z.array(z.string()).default([]),
});
export type Heartbeat = z.infer<typeof Heartbeat>;
