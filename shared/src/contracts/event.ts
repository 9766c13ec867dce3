import { z } from 'zod';
import { Bundle } from './bundle.ts';
import { ClusterId, maybe, ObjectRef, Severity, Subject, Timestamp } from './fields.ts';

/** One thing that an agent noticed. The id is derived from what was seen, so a re-list or a second replica cannot make a second event. */
export const Event = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in hex'),
  cluster_id: ClusterId,
  agent_id: z.string().min(1),
  type: z.enum(['k8s_event', 'k8s_state', 'alert', 'anomaly', 'change', 'gap']),
  signal: z.enum(['fault', 'clear', 'info']).default('fault').meta({
    description:
      'fault opens or feeds an incident, clear may close it, info is only recorded, and what evidence it brings',
  }),
  source: z.string().min(1),
  namespace: maybe(z.string()),
  severity: Severity,
  reason: z.string().min(1).max(128),
  message: z.string().max(2000),
  object: ObjectRef,
  owner: maybe(Subject),
  node: maybe(z.string()),
  count: z.int().positive().default(1),
  fingerprint: z
    .string()
    .min(1)
    .meta({ description: 'cluster/namespace/kind/name of what is broken; never a pod name' }),
  timestamp: Timestamp,
  reported_at: Timestamp,
  labels: z.record(z.string(), z.string()).default({}),
  bundle: maybe(Bundle),
});
export type Event = z.infer<typeof Event>;

/** cluster / namespace / kind / name of what is broken: the top owner, or the Node, claim or Service itself. */
export const fingerprintOf = (cluster: string, subject: Subject): string =>
  [cluster, subject.namespace ?? '_', subject.kind, subject.name].join('/');

/** Reason of an event that tells of a limit on its way, as nothing in a cluster tells it. */
export const LIMIT_FORECAST = 'LimitForecast';
