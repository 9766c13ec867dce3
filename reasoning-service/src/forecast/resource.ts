import { Timestamp } from '@aetherius/shared/contracts';
import { z } from 'zod';
import { Measured } from '../measured.ts';

const MOST_POINTS = 5_000;

/** What is used is never less than nothing. */
const TimedValue = z.object({ at: Timestamp, value: Measured.nonnegative() });

/** Points whose times rise; anything else is a mistake of the sender that would bend the trend. */
export const RisingPoints = z
  .array(TimedValue)
  .max(MOST_POINTS)
  .superRefine((points, check) => {
    const wrong = points.findIndex(({ at }, index) => {
      const before = points[index - 1];
      return before !== undefined && Date.parse(before.at) >= Date.parse(at);
    });
    if (wrong > 0)
      check.addIssue({ code: 'custom', path: [wrong, 'at'], message: 'is not later than the point before it' });
  });

const Filling = z.enum(['disk', 'claim', 'memory', 'quota', 'hpa', 'connection_pool']);

/** What physics drives towards a limit. */
export const Resource = z.discriminatedUnion('kind', [
  z.object({
    kind: Filling,
    name: z.string().min(1).max(200),
    limit: Measured.positive().meta({
      description: 'in the unit of the points: bytes, replicas, connections, percent',
    }),
    points: RisingPoints,
  }),
  z.object({ kind: z.literal('restarts'), name: z.string().min(1).max(200), points: RisingPoints }),
  z.object({ kind: z.literal('certificate'), name: z.string().min(1).max(200), not_after: Timestamp }),
]);
export type Resource = z.infer<typeof Resource>;

const Band = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** What becomes of one resource; times in seconds, values in the unit of its points. */
export const Forecast = z.object({
  kind: z.enum([...Filling.options, 'restarts', 'certificate']),
  name: z.string(),
  status: z.enum(['answered', 'not_enough_data']),
  reason: z.string().nullable().meta({ description: 'why nothing is foretold; null where it is' }),
  now: z.number().nullable().meta({ description: 'the last value; null where it is too old to stand for the present' }),
  limit: z.number().nullable(),
  at_end: Band.nullable().meta({
    description:
      'at the end of the time window, or at the expected peak of what follows traffic, never beyond the limit; the band is meant to hold 80 %',
  }),
  at_end_seconds: z.number().nullable().meta({ description: 'how far ahead at_end is' }),
  seconds_to_limit: z
    .object({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() })
    .nullable()
    .meta({ description: 'null where the growth does not lead to the limit' }),
  probability: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .meta({ description: 'of reaching the limit within the time window' }),
  past_accuracy: z
    .object({
      from: z.enum(['replayed', 'made']).meta({
        description:
          'replayed: the same forecast from earlier ends of the points; made: forecasts that were made earlier, beside what came',
      }),
      checks: z.int(),
      seconds_ahead: z.number().meta({
        description:
          'how far ahead the checks looked, in the median: less than is asked where the points do not reach so far',
      }),
      median_error: z.number().meta({
        description:
          'as a share of the range of the points (of all restarts seen) where replayed, of the limit where made',
      }),
      within_band: z.number(),
    })
    .nullable()
    .meta({
      description:
        'how forecasts of this kind turned out; null where nothing could be checked yet, and always for a certificate, whose end is a date and not an estimate',
    }),
});
export type Forecast = z.infer<typeof Forecast>;
