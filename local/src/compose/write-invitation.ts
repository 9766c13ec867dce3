import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApiClient } from '../api-client.ts';
import type { Owner } from './write-secrets.ts';

type Inviting = { folderOf: (owner: Owner) => string; url: string; cluster: string };

/** Gives the agent of a cluster a one-time token; one that was in before stays in by its own key, or stays shut out. */
export async function writeInvitation({ folderOf, url, cluster }: Inviting): Promise<void> {
  const apiToken = readFileSync(join(folderOf('agent-manager'), 'bootstrap-token'), 'utf8').trim();
  const api = createApiClient({ url, apiToken });
  const known = (await api.clusters()).find(({ id }) => id === cluster);
  if (known !== undefined && (known.last_seen_at !== null || known.revoked_at !== null)) return;
  writeFileSync(join(folderOf('collect-agent'), 'enrol-token'), await api.invite(cluster), { mode: 0o600 });
}
