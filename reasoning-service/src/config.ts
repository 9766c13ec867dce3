import { BusAddress } from '@aetherius/shared/nats';
import { databaseVariables } from '@aetherius/shared/postgres';
import { LogLevel, Port } from '@aetherius/shared/service';
import { z } from 'zod';
import { checkLlmVariables, llmVariables } from './llm/variables.ts';
import { retentionVariables } from './retention.ts';

const Variables = z.object({
  ...databaseVariables('reasoning_service'),
  NATS_URL: BusAddress,
  NATS_CREDS: z.string().optional(),
  PORT: Port.default(8082),
  LISTEN_HOST: z.string().min(1).optional().describe('Address to listen on; all of them by default'),
  LOG_LEVEL: LogLevel,
  AUTH_PUBLIC_KEY_FILE: z.string().min(1).describe('The public keys that are accepted, one or more in PEM'),
  NEO4J_URI: z
    .string()
    .regex(/^(neo4j|bolt)(\+s|\+ssc)?:\/\/[^/\s]/, 'must be an address such as neo4j://host:7687 or bolt://host:7687')
    .optional()
    .describe('Where cases are kept as a graph; without it they are kept in Postgres'),
  NEO4J_USER: z.string().optional(),
  NEO4J_PASSWORD: z.string().optional(),
  RUNBOOKS_DIR: z.string().optional().describe('A folder of runbooks beside the shipped ones'),
  ...llmVariables,
  ...retentionVariables,
});

/** What the reasoning service needs from its environment. */
export const ReasoningConfig = Variables.superRefine((variables, { addIssue }) =>
  checkLlmVariables(variables, (variable, message) => addIssue({ code: 'custom', path: [variable], message })),
);
