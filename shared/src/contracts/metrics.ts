import { z } from 'zod';
import { SeriesRef } from './anomaly.ts';
import { ClusterId, Subject, Timestamp } from './fields.ts';

/** Most series in one message, so that the largest stays well below the bus's limit. */
export const MAX_BATCH_SERIES = 500;

/** A metric with what it is about; the labels `caller` and `callee` (`namespace/name`) make it one of a call. */
export const MeasuredSeries = z.object({ series: SeriesRef, subject: Subject });
export type MeasuredSeries = z.infer<typeof MeasuredSeries>;

/** The series of an agent that run towards a limit, with what drives them; a `_ratio` is the share of its limit. */
export const limitSeries = {
  node_disk_used_ratio: 'disk',
  volume_used_ratio: 'claim',
  memory_limit_ratio: 'memory',
  quota_used_ratio: 'quota',
  autoscaler_replicas_ratio: 'hpa',
  connection_pool_used_ratio: 'connection_pool',
  certificate_not_after_seconds: 'certificate',
  container_restarts_total: 'restarts',
} as const;

const Point = z.tuple([Timestamp, z.number().nullable()]).meta({ description: 'null is no data, never zero' });

/** What an agent sampled of its cluster from one source. */
export const MetricsBatch = z.object({
  cluster_id: ClusterId,
  source: z.enum(['metrics.k8s.io', 'prometheus', 'kubernetes']),
  at: Timestamp,
  step_seconds: z.number().min(1).max(3600),
  series: z.array(MeasuredSeries.extend({ points: z.array(Point).min(1).max(20) })).max(MAX_BATCH_SERIES),
  gone: z.array(MeasuredSeries).max(MAX_BATCH_SERIES).default([]).meta({
    description: 'Series whose object was deleted: their silence means nothing',
  }),
  left_out: z.int().nonnegative().default(0).meta({ description: 'Series beyond the bound of the agent' }),
});
export type MetricsBatch = z.infer<typeof MetricsBatch>;

/** Most workloads in one message of an inventory. */
export const MAX_INVENTORY_WORKLOADS = 1_000;

/** Which pods, services and nodes belong to a workload; a whole inventory is `parts` messages with one `at`. */
export const Inventory = z.object({
  cluster_id: ClusterId,
  at: Timestamp,
  part: z.int().positive(),
  parts: z.int().positive().max(100),
  workloads: z
    .array(
      z.object({
        subject: Subject,
        pods: z.array(z.string().max(253)).max(200),
        services: z.array(z.string().max(253)).max(50),
        nodes: z.array(z.string().max(253)).max(200),
      }),
    )
    .max(MAX_INVENTORY_WORKLOADS),
});
export type Inventory = z.infer<typeof Inventory>;
