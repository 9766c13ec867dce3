import { z } from 'zod';

/** application/problem+json (RFC 9457) with our stable code and the fields at fault. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  request_id: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

export const Role = z.enum(['viewer', 'responder', 'approver', 'auditor', 'admin']);
export type Role = z.infer<typeof Role>;
