import { z } from 'zod';
import { quantile } from '../detection/quantile.ts';
import { RisingPoints } from './resource.ts';

const Current = z.object({ request: z.number().positive().nullable(), limit: z.number().positive().nullable() });
const unset = { request: null, limit: null };

/** Usage of one container: processors in cores, memory in bytes. */
export const RightSizeRequest = z.object({
  container: z.string().min(1).max(253),
  cpu: z.object({ current: Current.default(unset), points: RisingPoints }),
  memory: z.object({ current: Current.default(unset), points: RisingPoints }),
});
export type RightSizeRequest = z.infer<typeof RightSizeRequest>;

const Sizing = z.object({
  status: z.enum(['answered', 'not_enough_data']),
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
export const RightSize = z.object({ container: z.string(), cpu: Sizing, memory: Sizing });
type Sizing = z.infer<typeof Sizing>;

/** A day, because a rhythm shorter than that was not seen whole. */
const LEAST_HOURS = 24;
const LEAST_POINTS = 96;
const HEADROOM = 1.15;
/** Memory beyond its limit ends in a kill, so its limit leaves more room over the most that was ever used. */
const MEMORY_HEADROOM = 1.25;

type Usage = RightSizeRequest['cpu'];

function sizingOf(
  { current, points }: Usage,
  sized: (values: readonly number[]) => { request: number; limit: number | null },
): Sizing {
  const values = points.map(({ value }) => value);
  const hours = (Date.parse(points.at(-1)?.at ?? '') - Date.parse(points[0]?.at ?? '')) / 3_600_000;
  if (values.length < LEAST_POINTS || !(hours >= LEAST_HOURS))
    return { status: 'not_enough_data', request: null, limit: null, saved: null, seen: null };
  const { request, limit } = sized(values);
  return {
    status: 'answered',
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
export const rightSize = ({ container, cpu, memory }: RightSizeRequest): z.infer<typeof RightSize> => ({
  container,
  cpu: sizingOf(cpu, (values) => ({ request: HEADROOM * quantile(values, 0.95), limit: null })),
  memory: sizingOf(memory, (values) => ({
    request: HEADROOM * quantile(values, 0.99),
    limit: MEMORY_HEADROOM * Math.max(...values),
  })),
});
