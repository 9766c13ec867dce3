import { readFile } from 'node:fs/promises';
import { EnrolmentRequest, type Json } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import type { KubeClient } from '../kube/client.ts';

type Shown = EnrolmentRequest['service_account'];
type Needs = { client: Pick<KubeClient, 'text'>; file: string; log: Pick<Logger, 'warn'> };
const { service_account: ServiceAccount } = EnrolmentRequest.shape;

/** What this pod can show of its cluster: a token that was made for us, and the cluster's keys that sign it; null where there is none. */
export async function readServiceAccount({ client, file, log }: Needs): Promise<Shown> {
  const token = await readFile(file, 'utf8').catch(() => undefined);
  if (token === undefined) return null;
  try {
    // As text, because the API server serves its keys as application/jwk-set+json and refuses whoever asks for JSON.
    const jwks: Json = JSON.parse(await client.text('/openid/v1/jwks'));
    return ServiceAccount.parse({ token: token.trim(), jwks });
  } catch (err) {
    log.warn({ err }, "the cluster's keys cannot be shown, so its service account lets no other pod in");
    return null;
  }
}
