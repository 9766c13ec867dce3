import { Timestamp } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { z } from 'zod';
import { pointsIn } from '../large-body.ts';
import { Measured } from '../measured.ts';
import type { Question } from './analyze.ts';
import { edgeKind } from './metric-kind.ts';
import { collection } from './read/collect.ts';
import { logLines } from './read/logs-table.ts';
import { seriesOf } from './read/series-table.ts';
import type { Observations, Samples } from './series.ts';
import { checkTarget } from './target.ts';

const Name = z.string().min(1).max(300);
const Points = z
  .array(z.tuple([Timestamp, Measured.nullable()]))
  .max(20_000)
  .meta({ description: 'Time and value; null is a gap' });

/** Points of a question in all, of the largest body that is read; more is for the command line. */
const MOST_POINTS = 200_000;

/** A question about metrics: at least one series, edge or log line; everything else is optional. */
export const MetricsQuestion = z
  .object({
    series: z
      .array(z.object({ entity: Name, metric: Name, points: Points }))
      .max(5000)
      .default([]),
    edges: z
      .array(z.object({ caller: Name, callee: Name, metric: Name, points: Points }))
      .max(5000)
      .default([]),
    logs: z
      .array(
        z.object({
          time: Timestamp,
          entity: Name,
          level: z.string().max(20).default(''),
          message: z.string().max(2000),
        }),
      )
      .max(20_000)
      .default([]),
    calls: z
      .array(z.object({ caller: Name, callee: Name }))
      .max(20_000)
      .default([]),
    target: z.object({ entity: Name, metric: Name }).optional().meta({ description: 'The alert to explain' }),
    onset: Timestamp.optional().meta({ description: 'When it began; found in the series when not given' }),
  })
  .refine(
    ({ series, edges, logs }) => series.length + edges.length + logs.length > 0,
    'at least one series, edge or log line is needed',
  )
  .refine(({ series, edges }) => pointsIn([...series, ...edges]) <= MOST_POINTS, {
    path: ['series'],
    message: `and edges have more than ${MOST_POINTS} points in all`,
  })
  .meta({ description: `Series and edges have at most ${MOST_POINTS} points in all, and the body 16 MiB` });
export type MetricsQuestion = z.infer<typeof MetricsQuestion>;

const samplesOf = (points: readonly [string, number | null][]): Samples => ({
  times: points.map(([time]) => Date.parse(time)),
  values: points.map(([, value]) => value ?? Number.NaN),
});

/** The observations and the question of a request; a target that was not measured is refused. */
export function fromRequest(body: MetricsQuestion): { known: Observations; question: Question } {
  const series = collection<{ entity: string; metric: string }>(({ entity, metric }) => `${entity}\n${metric}`);
  for (const { points, ...about } of body.series) series.add(about, samplesOf(points));
  const edges = collection<{ caller: string; callee: string; metric: string }>(
    ({ caller, callee, metric }) => `${caller}\n${callee}\n${metric}`,
  );
  for (const { points, ...about } of body.edges) edges.add(about, samplesOf(points));
  const known: Observations = {
    series: series.finish().map((one) => seriesOf(one, one)),
    edges: edges.finish().map((one) => ({ ...one, kind: edgeKind(one.metric) })),
    logs: logLines(body.logs.map((line) => ({ ...line, time: Date.parse(line.time) }))),
    calls: body.calls,
  };
  const asked = body.target === undefined ? undefined : checkTarget(body.target, known.series);
  if (asked !== undefined && 'problem' in asked)
    throw errors.invalid_input({ fields: [{ field: 'body.target', message: asked.problem }] });
  return {
    known,
    question: { target: asked?.target, onset: body.onset === undefined ? undefined : Date.parse(body.onset) },
  };
}
