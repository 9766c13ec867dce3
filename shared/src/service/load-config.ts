import type { z } from 'zod';
import { errors } from '../errors/index.ts';

/** Environment variables through a schema; every wrong one is named in one line each. Empty counts as absent. */
export function loadConfig<S extends z.ZodType>(
  schema: S,
  environment: Record<string, string | undefined>,
): z.infer<S> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw errors.invalid_input({ environment: problems.join('; ') }, { cause: parsed.error });
}
