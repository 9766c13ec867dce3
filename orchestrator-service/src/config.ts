import { BusAddress } from '@aetherius/shared/nats';
import { databaseVariables } from '@aetherius/shared/postgres';
import { LogLevel, Port } from '@aetherius/shared/service';
import { z } from 'zod';
import { retentionVariables } from './retention.ts';

const names = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(z.array(z.string().regex(/^[a-z0-9-]+$/, 'namespace names with commas between them')));

/** Protected whatever the environment says. */
const ownNamespaces = ['kube-system', 'kube-public', 'kube-node-lease', 'aetherius', 'aetherius-agent'];

/** What the orchestrator needs from its environment. */
export const OrchestratorConfig = z.object({
  ...databaseVariables('orchestrator_service'),
  NATS_URL: BusAddress,
  NATS_CREDS: z.string().optional(),
  PORT: Port.default(8081),
  LISTEN_HOST: z.string().min(1).optional().describe('Address to listen on; all of them by default'),
  LOG_LEVEL: LogLevel,
  AUTH_PUBLIC_KEY_FILE: z.string().min(1).describe('The public keys that are accepted, one or more in PEM'),
  DEFINITIONS_DIR: z
    .string()
    .optional()
    .describe('Folder with workflows/ and strategies/; the shipped ones by default'),
  NOTIFY_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional(),
  NOTIFY_WEBHOOK_SECRET: z.string().min(16).optional().describe('Key of the signature on each webhook call'),
  PROTECTED_NAMESPACES: names
    .default([])
    .transform((more) => [...ownNamespaces, ...more])
    .describe('Namespaces that are never changed, besides those of Kubernetes and of Aetherius'),
  ...retentionVariables,
});
