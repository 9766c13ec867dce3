import { isBaseUrl, isSafeUrl } from '@aetherius/shared/contracts';
import { BusAddress } from '@aetherius/shared/nats';
import { databaseVariables } from '@aetherius/shared/postgres';
import { LogLevel, Port } from '@aetherius/shared/service';
import { z } from 'zod';
import { retentionVariables } from './retention.ts';

const file = z.string().min(1);
/** Put into a command line as it is. */
const plainWord = /^[\w./:@-]+$/;

/** What the manager reads from its environment. */
export const ManagerConfig = z
  .object({
    ...databaseVariables('agent_manager'),
    NATS_URL: BusAddress,
    NATS_CREDS: file.optional(),
    BUS_REPLICAS: z
      .enum(['1', '3', '5'])
      .default('1')
      .transform(Number)
      .describe('Copies of each stream, on as many NATS servers of a cluster'),
    REDIS_URL: z
      .string()
      .regex(/^rediss?:\/\//, 'must be a redis:// or rediss:// address')
      .optional(),
    PORT: Port.default(8080),
    LISTEN_HOST: z.string().min(1).optional().describe('Address to listen on; all of them by default'),
    LOG_LEVEL: LogLevel,
    AETHERIUS_BOOTSTRAP_TOKEN_FILE: file.optional(),
    AUTH_PRIVATE_KEY_FILE: file,
    AUTH_PUBLIC_KEY_FILE: file.optional().describe('Public keys that are accepted beside the own one'),
    NATS_ISSUER_FILE: file
      .optional()
      .describe('Keys that let agents in and shut them out; without it agents need credentials from somebody else'),
    PUBLIC_URL: z
      .url({ protocol: /^https?$/, error: 'an address such as https://aetherius.example.com' })
      .refine(
        isSafeUrl,
        'must be an https:// address, or agents refuse it; http:// only to this machine or inside the cluster',
      )
      .refine(isBaseUrl, 'must have no query, no fragment and no user: paths are put behind it')
      .optional()
      .describe('Where agents and people reach this service'),
    NATS_PUBLIC_URL: BusAddress.optional().describe('Where agents reach the bus; NATS_URL by default'),
    NATS_CA_FILE: file.optional().describe('Certificate authority of the bus in PEM, handed to agents'),
    AGENT_JWT_SECONDS: z.coerce.number().int().min(30).max(86_400).default(3_600),
    AGENT_CHART: z.string().regex(plainWord, 'one word').default('deployments/charts/aetherius-agent'),
    AGENT_MANIFESTS: z
      .string()
      .regex(plainWord, 'one word')
      .default('deployments/manifests/overlays/multi-cluster/agent'),
    AGENT_IMAGE_REGISTRY: z
      .string()
      .regex(plainWord, 'one word')
      .optional()
      .describe(
        "Where agents get their image, in the commands to paste; by default the chart's and the manifests' own",
      ),
    ...retentionVariables,
  })
  .refine((config) => config.NATS_ISSUER_FILE === undefined || config.PUBLIC_URL !== undefined, {
    path: ['PUBLIC_URL'],
    message: 'is needed with NATS_ISSUER_FILE: agents are told to enrol there',
  });
export type ManagerConfig = z.infer<typeof ManagerConfig>;
