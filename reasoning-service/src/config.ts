import { z } from 'zod';

/** What the reasoning service needs from its environment. */
export const ReasoningConfig = z.object({
  DATABASE_URL: z.url(),
  DATABASE_SCHEMA: z.string().default('reasoning_service'),
  NATS_URL: z.string().min(1),
  NATS_CREDS: z.string().optional(),
  PORT: z.coerce.number().int().min(0).max(65535).default(8082),
  LISTEN_HOST: z.string().min(1).optional().describe('Address to listen on; all of them by default'),
  AUTH_PUBLIC_KEY_FILE: z.string().min(1),
  LLM_RECORDINGS: z.string().optional().describe('A folder of recorded explanations'),
});
