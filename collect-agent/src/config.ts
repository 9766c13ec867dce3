import { hostname } from 'node:os';
import { ClusterId, isBaseUrl, isSafeUrl } from '@aetherius/shared/contracts';
import { BusAddress } from '@aetherius/shared/nats';
import { LogLevel, Port } from '@aetherius/shared/service';
import { z } from 'zod';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

const namespaces = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(z.array(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'namespace names with commas between them')));

/** The agent's environment. KUBE_SERVER wins over a kubeconfig, and a kubeconfig over the pod's own service account. */
export const AgentConfig = z
  .object({
    CLUSTER_ID: ClusterId,
    DISPLAY_NAME: z.string().max(200).optional(),
    ENROL_URL: z
      .string()
      .refine(isSafeUrl, 'must be an https:// address; http:// only to this machine or inside the cluster')
      .refine(isBaseUrl, 'must have no query, no fragment and no user: paths are put behind it')
      .optional()
      .describe('Where the manager is, which lets this agent in'),
    ENROL_TOKEN: z.string().min(1).optional(),
    ENROL_TOKEN_FILE: z.string().min(1).optional().describe('A file with the token; read at each try'),
    SERVICE_ACCOUNT_TOKEN_FILE: z.string().min(1).default('/var/run/secrets/aetherius/token'),
    NATS_URL: BusAddress.optional().describe(
      'The bus itself, where no manager lets agents in, or where this agent has another way to it than others',
    ),
    NATS_CREDS: z.string().optional(),
    KUBE_SERVER: z.url({ protocol: /^https?$/ }).optional(),
    KUBECONFIG: z.string().optional(),
    KUBE_CONTEXT: z.string().optional(),
    KUBERNETES_SERVICE_HOST: z.string().optional(),
    KUBERNETES_SERVICE_PORT: z.string().default('443'),
    PROMETHEUS_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Prometheus of the cluster; only the queries in src/metrics/queries.ts are asked'),
    ALLOW_CHANGES: flag.default(false),
    POLICY_FILE: z.string().optional(),
    WATCH_NAMESPACES: namespaces
      .default([])
      .describe('Namespaces that alone are watched, and nothing that belongs to none'),
    SPOOL_DIR: z.string().min(1),
    SPOOL_MAX_BYTES: z.coerce
      .number()
      .int()
      .min(4 * 1024 ** 2, 'must be at least 4194304, which is 4 MiB')
      .default(64 * 1024 ** 2)
      .describe('Bytes of events that wait on disk; beyond them the oldest are cut, and counted'),
    PORT: Port.default(8083),
    LISTEN_HOST: z.string().min(1).optional().describe('Address to listen on; all of them by default'),
    LOG_LEVEL: LogLevel,
    LEADER: z.enum(['lease', 'lock_file']).optional(),
    NAMESPACE: z.string().min(1).default('aetherius-agent'),
    POD_UID: z.string().min(1).default(hostname()),
  })
  .refine((config) => config.ENROL_URL !== undefined || config.NATS_URL !== undefined, {
    path: ['ENROL_URL'],
    message: 'set either ENROL_URL, to be let in by the manager, or NATS_URL with NATS_CREDS',
  })
  .refine((config) => config.ENROL_URL === undefined || config.NATS_CREDS === undefined, {
    path: ['NATS_CREDS'],
    message: 'is not for an agent that is let in by ENROL_URL',
  })
  .refine((config) => accessOf(config) !== 'none', {
    path: ['KUBECONFIG'],
    message: 'no way to a cluster: set KUBE_SERVER, KUBECONFIG or KUBE_CONTEXT, or run in a pod',
  });
export type AgentConfig = z.infer<typeof AgentConfig>;

type Access = Partial<
  Record<'KUBE_SERVER' | 'KUBECONFIG' | 'KUBE_CONTEXT' | 'KUBERNETES_SERVICE_HOST', string | undefined>
>;

/** Which way leads to the cluster. */
export function accessOf(config: Access): 'server' | 'kubeconfig' | 'service_account' | 'none' {
  if (config.KUBE_SERVER !== undefined) return 'server';
  if (config.KUBECONFIG !== undefined || config.KUBE_CONTEXT !== undefined) return 'kubeconfig';
  return config.KUBERNETES_SERVICE_HOST === undefined ? 'none' : 'service_account';
}

/** How the one leader is found: attached from outside nothing may be written in the cluster, so not by a Lease there. */
export const leaderOf = (config: AgentConfig): 'lease' | 'lock_file' =>
  config.LEADER ?? (accessOf(config) === 'kubeconfig' ? 'lock_file' : 'lease');
