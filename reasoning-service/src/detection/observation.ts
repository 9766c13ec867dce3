import { Anomaly, ClusterId, SeriesRef, Subject, Timestamp } from '@aetherius/shared/contracts';
import { z } from 'zod';
import { pointsIn } from '../large-body.ts';
import { Measured } from '../measured.ts';
import { aegisops } from './joint-watch.ts';

const MOST_SERIES = 500;
const MOST_POINTS = 5_000;
const MOST_IN_ALL = 100_000;

const Value = Measured.nullable().meta({ description: 'null where the source has no data; never zero for that' });

/** Times must rise: an out-of-order or doubled point is a mistake of the sender that would be learnt as a pattern. */
const rising = (points: readonly { at: string }[], check: z.core.$RefinementCtx): void => {
  for (const [at, point] of points.entries()) {
    const before = points[at - 1];
    if (before === undefined || Date.parse(before.at) < Date.parse(point.at)) continue;
    const same = Date.parse(before.at) === Date.parse(point.at);
    check.addIssue({
      code: 'custom',
      path: [at, 'at'],
      message: same ? 'is the time of the point before it' : 'is earlier than the point before it',
    });
    return;
  }
};

const pointsOf = <S extends z.ZodType<{ at: string }>>(point: S) =>
  z.array(point).min(1).max(MOST_POINTS).superRefine(rising);

const ValuePoint = z.object({ at: Timestamp, value: Value });
const JointPoint = z.object({
  at: Timestamp,
  ...(Object.fromEntries(aegisops.features.map((name) => [name, Value])) as Record<
    'requests_per_second' | 'p95_seconds' | 'memory_bytes',
    typeof Value
  >),
});

/** What is observed: new points of single series, and of workloads whose values are judged together. */
export const ObserveRequest = z
  .object({
    cluster_id: ClusterId,
    series: z
      .array(z.object({ series: SeriesRef, subject: Subject, points: pointsOf(ValuePoint) }))
      .max(MOST_SERIES)
      .default([]),
    workloads: z
      .array(z.object({ preset: z.literal('aegisops'), subject: Subject, points: pointsOf(JointPoint) }))
      .max(MOST_SERIES)
      .default([]),
  })
  .refine(({ series, workloads }) => series.length + workloads.length > 0, {
    message: 'names neither a series nor a workload',
  })
  .refine(({ series, workloads }) => pointsIn([...series, ...workloads]) <= MOST_IN_ALL, {
    path: ['series'],
    message: `and workloads have more than ${MOST_IN_ALL} points in all`,
  });
export type ObserveRequest = z.infer<typeof ObserveRequest>;

const Watched = z.object({
  series: SeriesRef,
  subject: Subject,
  stage: z.enum(['learning', 'early', 'full']),
  observed: z.int().nonnegative(),
  already_known: z.int().nonnegative().meta({ description: 'points not later than the last one known' }),
  anomalies: z.array(Anomaly),
});

export const ObserveResponse = z.object({ watched: z.array(Watched) });
export type Watched = z.infer<typeof Watched>;

/** One thing to watch with its new points, whichever way it came; `values` has one number a feature. */
export type Observation = {
  cluster: string;
  kind: 'series' | 'aegisops';
  series: SeriesRef;
  subject: Subject;
  points: { at: number; values: (number | null)[] }[];
  /** Its silence up to the first of these points was told when it began. */
  silenceTold?: boolean;
};

/** The request as a plain list. */
export function observationsOf({ cluster_id: cluster, series, workloads }: ObserveRequest): Observation[] {
  return [
    ...series.map(
      ({ points, ...rest }): Observation => ({
        cluster,
        kind: 'series',
        ...rest,
        points: points.map(({ at, value }) => ({ at: Date.parse(at), values: [value] })),
      }),
    ),
    ...workloads.map(
      ({ preset, subject, points }): Observation => ({
        cluster,
        kind: preset,
        series: { name: preset, labels: {} },
        subject,
        points: points.map((point) => ({
          at: Date.parse(point.at),
          values: [point.requests_per_second, point.p95_seconds, point.memory_bytes],
        })),
      }),
    ),
  ];
}
