import { z } from 'zod';
import { DEEPEST, isShallow } from './nesting.ts';

/** A cluster's id: a subject token and a permission, so no dots, blanks or wildcards. */
export const ClusterId = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and inner hyphens, at most 63');

const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** RFC 3339, as every row, message and body carries it: a time that a store can keep and that has four digits in UTC. */
export const Timestamp = z.iso
  .datetime({ offset: true })
  .refine((at) => !(Date.parse(at) < FIRST_MS || Date.parse(at) > LAST_MS), {
    message: 'is not in the years 1 to 9999 of UTC',
    abort: true,
  })
  .refine((at) => !/[+-](?:1[6-9]|2\d):\d\d$/.test(at), { message: 'has an offset beyond 15:59', abort: true })
  .meta({ description: 'RFC 3339 time' });

export const Severity = z.enum(['critical', 'high', 'medium', 'low']);
export type Severity = z.infer<typeof Severity>;

const unitSeconds = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const;
/** A deadline further away is a mistake, and far enough away no clock can hold it. */
const LONGEST_DAYS = 30;
const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** A length of time: integer nanoseconds or text such as "30s" on input, always text on output. */
export const Duration = z
  .union([z.int().nonnegative(), z.string().regex(durationPattern, 'a duration such as "30s", "5m" or nanoseconds')])
  .transform((value) => (typeof value === 'number' ? `${value / 1e9}s` : value))
  .refine((text) => !durationPattern.test(text) || seconds(text) <= LONGEST_DAYS * unitSeconds.d, {
    message: `a duration of at most ${LONGEST_DAYS} days`,
  })
  .meta({ description: 'A duration such as "30s"', override: { type: 'string' } });

/** Seconds of a duration that has passed its schema; throws RangeError on anything else. */
export function seconds(duration: string): number {
  const [, amount, unit] = durationPattern.exec(duration) ?? [];
  if (amount === undefined || unit === undefined) throw new RangeError(`not a duration: ${duration}`);
  return Number(amount) * unitSeconds[unit as keyof typeof unitSeconds];
}

/** A field that may lack a value: absent and null are one, so a row, a message and a body stay equal. */
export const maybe = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

/** What a person means by "that thing in the cluster". */
export const Subject = z.object({ kind: z.string().min(1), namespace: maybe(z.string()), name: z.string().min(1) });
export type Subject = z.infer<typeof Subject>;

/** One object of a cluster, precise enough to act on: the uid tells a successor of the same name apart. */
export const ObjectRef = z.object({
  api_version: z.string().min(1),
  kind: z.string().min(1),
  namespace: maybe(z.string()),
  name: z.string().min(1),
  uid: maybe(z.string()),
});
export type ObjectRef = z.infer<typeof ObjectRef>;

/** Any JSON value that is nested at most 200 deep. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export const Json: z.ZodType<Json> = z
  .unknown()
  .refine(isShallow, { error: `nested more than ${DEEPEST} deep`, abort: true })
  .pipe(z.json());
export const JsonObject = z.record(z.string(), Json);
export type JsonObject = z.infer<typeof JsonObject>;
