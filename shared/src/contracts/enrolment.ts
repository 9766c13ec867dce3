import { z } from 'zod';
import { ClusterId, maybe, Timestamp } from './fields.ts';

/** Public half of a key that an agent made itself. */
export const AgentKey = z.string().regex(/^U[A-Z2-7]{55}$/, 'the public half of a user nkey');

/** The keys by which a cluster signs the tokens of its service accounts, as `/openid/v1/jwks` lists them. */
const TokenKeys = z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(16) });

/** How an agent asks to be let in, and later to stay. */
export const EnrolmentRequest = z.object({
  cluster_id: ClusterId,
  public_key: AgentKey,
  at: Timestamp,
  signature: z.base64url().length(86, 'an Ed25519 signature of 64 bytes in base64url'),
  token: maybe(z.string().min(1).max(200)),
  service_account: maybe(z.object({ token: z.string().min(1).max(6_000), jwks: TokenKeys })),
});
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>;

/** What an agent gets: credentials that only the holder of its key can use, and where the bus is. */
export const Enrolment = z.object({
  jwt: z.string(),
  nats_urls: z.array(z.string()).min(1),
  ca: maybe(z.string()).describe('Certificate authority of the bus in PEM, where it is not a public one'),
  expires_at: Timestamp,
  lifetime_seconds: z.int().positive().describe('Counted by the agent on its own clock, which may be wrong'),
});
export type Enrolment = z.infer<typeof Enrolment>;

/** Whom a cluster's service account token is meant for. */
export const TOKEN_AUDIENCE = 'aetherius';

/** The text whose signature proves that the sender holds the key, now and for this cluster. */
export const enrolmentStatement = ({
  cluster_id,
  public_key,
  at,
  token,
}: Pick<EnrolmentRequest, 'cluster_id' | 'public_key' | 'at' | 'token'>): string =>
  ['aetherius enrolment 1', cluster_id, public_key, at, token ?? ''].join('\n');
