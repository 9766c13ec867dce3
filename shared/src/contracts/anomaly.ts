import { z } from 'zod';
import { ClusterId, maybe, Severity, Subject, Timestamp } from './fields.ts';

/** A metric's name with its closed label set. */
export const SeriesRef = z.object({
  name: z.string().min(1).max(200),
  labels: z.record(z.string().max(100), z.string().max(200)).default({}),
});
export type SeriesRef = z.infer<typeof SeriesRef>;

/**
 * What a series did that it has not done before, or the limit that it is on its way to; one more input of correlation. Only a limit
 * that is reached within hours opens an incident by itself.
 */
export const Anomaly = z.object({
  id: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'a sha256 in hex')
    .meta({ description: 'Derived from cluster, series, kind and time' }),
  cluster_id: ClusterId,
  subject: Subject,
  series: SeriesRef,
  kind: z.enum(['unusual', 'flat', 'missing', 'joint', 'limit']).meta({
    description:
      'never seen before, stuck at one value, no data, strange only together with other values, or on its way to a limit',
  }),
  signal: z.enum(['fault', 'clear']).default('fault').meta({
    description: 'clear takes back what was told of the limit of this subject: it is no longer expected to be reached',
  }),
  severity: Severity,
  score: z.number().min(0).max(1),
  confidence: z.number().min(0).max(1).meta({ description: 'lower while little of the series has been seen' }),
  value: maybe(z.number()),
  expected: maybe(z.object({ value: z.number(), low: z.number(), high: z.number() })),
  deviation: maybe(z.number()).meta({ description: 'value minus expected value, in the unit of the series' }),
  limit: maybe(
    z.object({
      value: z.number(),
      reached_at: maybe(Timestamp),
      earliest_at: maybe(Timestamp),
      latest_at: maybe(Timestamp),
      probability: z.number().min(0).max(1),
    }),
  ).meta({
    description:
      'Of a series on its way to a limit: where that is, and when it is expected there; earliest and latest are the band of that time',
  }),
  at: Timestamp,
});
export type Anomaly = z.infer<typeof Anomaly>;
