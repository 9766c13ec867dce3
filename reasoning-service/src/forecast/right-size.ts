import { ClusterId, Subject } from '@aetherius/shared/contracts';
import { z } from 'zod';
import { quantile } from '../quantile.ts';
import { RisingPoints } from './resource.ts';

const Current = z.object({ request: z.number().positive().nullable(), limit: z.number().positive().nullable() });
/** Nothing asked for at present. */
export const unset = { request: null, limit: null };

const Used = z.object({ current: Current.default(unset), points: RisingPoints.default([]) });
type Used = z.infer<typeof Used>;

const Question = z.object({
  cluster_id: ClusterId.optional(),
  object: Subject.optional().meta({
    description: 'An object whose stored usage is meant; what it asks for now is not stored and may be told as current',
  }),
  container: z.string().min(1).max(253).optional(),
  cpu: Used.optional(),
  memory: Used.optional(),
});

/** Usage of one container, processors in cores and memory in bytes; or an object that agents sample. */
export const RightSizeRequest = Question.superRefine(({ object, ...rest }, { addIssue }) => {
  const needed = object === undefined ? (['container', 'cpu', 'memory'] as const) : (['cluster_id'] as const);
  for (const field of needed)
    if (rest[field] === undefined)
      addIssue({
        code: 'custom',
        path: [field],
        message: `is needed ${object === undefined ? 'where no object is' : 'to find an object that is'} named`,
      });
  for (const field of ['cpu', 'memory'] as const)
    if (object !== undefined && (rest[field]?.points.length ?? 0) > 0)
      addIssue({ code: 'custom', path: [field, 'points'], message: 'come from the store when an object is named' });
});
export type RightSizeRequest = z.infer<typeof RightSizeRequest>;

const Sizing = z.object({
  status: z.enum(['answered', 'not_enough_data']),
  reason: z.string().nullable().meta({ description: 'why no size is said; null where one is' }),
  request: z.number().nullable(),
  limit: z.number().nullable(),
  saved: z
    .number()
    .nullable()
    .meta({ description: 'present request minus the recommended one; negative: it needs more' }),
  seen: z
    .object({ points: z.int(), hours: z.number(), median: z.number(), p95: z.number(), most: z.number() })
    .nullable(),
});
export const RightSize = z.object({
  container: z.string().nullable().meta({
    description: 'null: all containers of a pod together, as stored usage has them',
  }),
  cpu: Sizing,
  memory: Sizing,
});
type Sizing = z.infer<typeof Sizing>;

const unused: Used = { current: unset, points: [] };

/** A day, because a rhythm shorter than that was not seen whole. */
const LEAST_HOURS = 24;
const LEAST_POINTS = 96;
const HEADROOM = 1.15;
/** Memory beyond its limit ends in a kill, so its limit leaves more room over the most that was ever used. */
const MEMORY_HEADROOM = 1.25;

function sizingOf(
  { current, points }: Used,
  sized: (values: readonly number[]) => { request: number; limit: number | null },
): Sizing {
  const values = points.map(({ value }) => value);
  const hours = (Date.parse(points.at(-1)?.at ?? '') - Date.parse(points[0]?.at ?? '')) / 3_600_000;
  const unknown = (reason: string): Sizing => ({
    status: 'not_enough_data',
    reason,
    request: null,
    limit: null,
    saved: null,
    seen: null,
  });
  if (values.length < LEAST_POINTS || !(hours >= LEAST_HOURS))
    return unknown(`less than ${LEAST_HOURS} hours or ${LEAST_POINTS} points of usage`);
  const { request, limit } = sized(values);
  if (request <= 0) return unknown('the usage was 0 nearly all of the time, and a size of 0 is none');
  return {
    status: 'answered',
    reason: null,
    request,
    limit,
    saved: current.request === null ? null : current.request - request,
    seen: {
      points: values.length,
      hours,
      median: quantile(values, 0.5),
      p95: quantile(values, 0.95),
      most: Math.max(...values),
    },
  };
}

/** Requests and limits from usage: processor time can be shared, so its request covers most of the time and no limit throttles; memory cannot. */
export const rightSize = ({
  container,
  cpu = unused,
  memory = unused,
}: Pick<RightSizeRequest, 'container' | 'cpu' | 'memory'>): z.infer<typeof RightSize> => ({
  container: container ?? null,
  cpu: sizingOf(cpu, (values) => ({ request: HEADROOM * quantile(values, 0.95), limit: null })),
  memory: sizingOf(memory, (values) => ({
    request: HEADROOM * quantile(values, 0.99),
    limit: MEMORY_HEADROOM * Math.max(...values),
  })),
});
