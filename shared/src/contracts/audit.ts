import { z } from 'zod';
import { JsonObject, maybe, Timestamp } from './fields.ts';

/** Who did what on what, and what came of it. */
export const AuditRecord = z.object({
  id: z.string(),
  at: Timestamp,
  service: z.string(),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  outcome: z.enum(['allowed', 'denied', 'done', 'failed']),
  details: maybe(JsonObject),
});
export type AuditRecord = z.infer<typeof AuditRecord>;

/** So much of a message is kept in a dead letter; of a longer one the rest is lost. */
export const MAX_LETTER_BYTES = 512 * 1024;

/** A message that no delivery could get through, with the reason. */
export const DeadLetter = z.object({
  subject: z.string(),
  message_id: maybe(z.string()),
  problem: z.string(),
  deliveries: z.int().nonnegative(),
  data: z.string().meta({ description: 'The message as it came, base64' }),
  at: Timestamp,
});
export type DeadLetter = z.infer<typeof DeadLetter>;
