import { z } from 'zod';
import { SeriesRef } from './anomaly.ts';
import { ClusterId, JsonObject, maybe, Subject, Timestamp } from './fields.ts';

const id = z.string().min(1).meta({ description: 'Id that a diagnosis can cite' });

/** A trimmed Kubernetes object; its body keeps the camelCase of Kubernetes. */
export const BundleObject = z.object({
  id,
  kind: z.string(),
  namespace: maybe(z.string()),
  name: z.string(),
  body: JsonObject,
});
export type BundleObject = z.infer<typeof BundleObject>;

/** A Kubernetes Event as evidence, whichever of the two APIs it was read from. */
export const BundleEvent = z.object({
  id,
  type: z.string(),
  reason: z.string(),
  message: z.string(),
  component: maybe(z.string()),
  count: z.int().positive().default(1),
  kind: z.string(),
  namespace: maybe(z.string()),
  name: z.string(),
  first_timestamp: maybe(Timestamp),
  last_timestamp: Timestamp,
});
export type BundleEvent = z.infer<typeof BundleEvent>;

export const BundleLog = z.object({
  id,
  namespace: maybe(z.string()),
  pod: z.string(),
  container: z.string(),
  previous: z.boolean().default(false),
  lines: z.array(z.string()),
});
export type BundleLog = z.infer<typeof BundleLog>;

export const BundleMetric = z.object({
  id,
  name: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  points: z.array(z.tuple([Timestamp, z.number()])),
});

/** What was rolled out, configured or scaled shortly before; `field` names what differs, never a secret value. */
export const BundleChange = z.object({
  id,
  at: Timestamp,
  kind: z.string(),
  namespace: maybe(z.string()),
  name: z.string(),
  change: z.enum(['rollout', 'scale', 'configuration', 'node']),
  from_revision: maybe(z.string()),
  to_revision: maybe(z.string()),
  fields: z.array(z.object({ path: z.string(), before: maybe(z.string()), after: maybe(z.string()) })).default([]),
});
export type BundleChange = z.infer<typeof BundleChange>;

export const BundleAlert = z.object({
  id,
  name: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  starts_at: maybe(Timestamp),
  ends_at: maybe(Timestamp).meta({ description: 'When it was over; null for one that fires' }),
});

/** What a series of the subject is expected to do: a limit that has not been reached, or just has. */
export const BundleForecast = z.object({
  id,
  series: SeriesRef,
  at: Timestamp,
  value: z.number(),
  limit: z.number(),
  reached_at: maybe(Timestamp),
  earliest_at: maybe(Timestamp),
  latest_at: maybe(Timestamp),
  probability: z.number().min(0).max(1),
  confidence: z.number().min(0).max(1).meta({ description: 'How often the bands of such forecasts held' }),
});
export type BundleForecast = z.infer<typeof BundleForecast>;

/** The unit of evidence: what was true around one object at one time. At most 256 KiB; `cut` states what was left out. */
export const Bundle = z.object({
  cluster: ClusterId,
  at: Timestamp,
  subject: Subject,
  objects: z.array(BundleObject).default([]),
  events: z.array(BundleEvent).default([]),
  logs: z.array(BundleLog).default([]),
  metrics: z.array(BundleMetric).default([]),
  alerts: z.array(BundleAlert).default([]),
  changes: z.array(BundleChange).default([]),
  forecasts: z.array(BundleForecast).default([]),
  cut: z.array(z.string()).default([]),
  complete: z.array(z.string()).default([]).meta({
    description:
      'Listings that are whole: `ConfigMap/shop` when every ConfigMap of the namespace is among the objects, `Node` when every one there is',
  }),
});
export type Bundle = z.infer<typeof Bundle>;

/** Largest bundle in bytes of JSON. */
export const MAX_BUNDLE_BYTES = 256 * 1024;
