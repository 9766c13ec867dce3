import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceUser } from '@aetherius/shared/contracts';
import { provideSchemas } from '../backing/postgres.ts';
import { newPassword } from '../backing/postgres-server.ts';
import { keptSecrets } from '../secrets.ts';
import type { Owner } from './write-secrets.ts';

/** Gives each service its own role and schema in the database that is up by now, and the address to reach it. */
export async function writeDatabaseUrls(folderOf: (owner: Owner) => string): Promise<void> {
  const password = keptSecrets(folderOf('keep'), 'postgres');
  const url = `postgres://aetherius:${password('aetherius', newPassword)}@postgres:5432/aetherius`;
  const { urlFor } = await provideSchemas(url, password);
  const services: ServiceUser[] = ['agent-manager', 'orchestrator-service', 'reasoning-service'];
  for (const service of services)
    writeFileSync(join(folderOf(service), 'database-url'), urlFor(service), { mode: 0o600 });
}
