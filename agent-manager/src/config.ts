import { z } from 'zod';
import { retentionVariables } from './retention.ts';

const file = z.string().min(1);

/** What the manager reads from its environment. */
export const ManagerConfig = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'a postgres:// address'),
  DATABASE_SCHEMA: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/, 'lower-case letters, digits and underscores')
    .default('agent_manager'),
  DATABASE_PASSWORD_FILE: file.optional().describe('Passwords of the database user, one on each line'),
  NATS_URL: z.string().min(1),
  NATS_CREDS: file.optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'a redis:// address')
    .optional(),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  LISTEN_HOST: z.string().min(1).optional().describe('Address to listen on; all of them by default'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  AETHERIUS_BOOTSTRAP_TOKEN_FILE: file.optional(),
  AUTH_PRIVATE_KEY_FILE: file,
  AUTH_PUBLIC_KEY_FILE: file.optional().describe('Public keys that are accepted beside the own one'),
  ...retentionVariables,
});
export type ManagerConfig = z.infer<typeof ManagerConfig>;
