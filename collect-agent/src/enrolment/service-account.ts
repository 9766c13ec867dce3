import { readFile } from 'node:fs/promises';
import { EnrolmentRequest } from '@aetherius/shared/contracts';
import type { KubeClient } from '../kube/client.ts';

type Shown = EnrolmentRequest['service_account'];
const { service_account: ServiceAccount } = EnrolmentRequest.shape;

/** What this pod can show of its cluster: a token that was made for us, and the cluster's keys that sign it; null where there is none. */
export async function readServiceAccount(client: Pick<KubeClient, 'get'>, file: string): Promise<Shown> {
  const token = await readFile(file, 'utf8').catch(() => undefined);
  if (token === undefined) return null;
  const jwks = await client.get('/openid/v1/jwks').catch(() => undefined);
  const shown = ServiceAccount.safeParse({ token: token.trim(), jwks });
  return shown.success ? shown.data : null;
}
