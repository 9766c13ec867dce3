import { z } from 'zod';
import { addressProblem } from './database-address.ts';

/** What a service is told of its database; its schema unless DATABASE_SCHEMA names another. */
export const databaseVariables = (schema: string) => ({
  DATABASE_URL: z.string().superRefine((text, { addIssue }) => {
    const message = addressProblem(text);
    if (message !== undefined) addIssue({ code: 'custom', message });
  }),
  DATABASE_SCHEMA: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/, 'lower-case letters, digits and underscores')
    .default(schema),
  MIGRATIONS: z
    .enum(['apply', 'expected'])
    .default('apply')
    .describe('Whether the service brings its database up to date, or ends where somebody should have done so before'),
  DATABASE_PASSWORD_FILE: z.string().min(1).optional().describe('Passwords of the database user, one on each line'),
});

type Told = { DATABASE_URL: string; DATABASE_SCHEMA: string; DATABASE_PASSWORD_FILE?: string | undefined };

/** The same as a pool takes it. */
export const databaseOf = ({ DATABASE_URL, DATABASE_SCHEMA, DATABASE_PASSWORD_FILE }: Told) => ({
  url: DATABASE_URL,
  schema: DATABASE_SCHEMA,
  passwordFile: DATABASE_PASSWORD_FILE,
});
