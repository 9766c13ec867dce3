import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceUser } from '@aetherius/shared/contracts';
import { openPool, sql } from '@aetherius/shared/postgres';
import { provideSchemas } from '../backing/postgres.ts';
import { newPassword } from '../backing/postgres-server.ts';
import { allKept, changeKept, keptSecrets } from '../secrets.ts';
import { givePostgresPassword, type Owner, services } from './write-secrets.ts';

type Providing = {
  folderOf: (owner: Owner) => string;
  /** The database, with its administrator and without a password. */
  server?: string;
  /** Whether everybody gets a new password. */
  renew?: boolean;
};

/**
 * Gives each service its own role and schema in the database that is up by now, the address to reach it and its password.
 * While a password changes its file holds the new and the old one, so that no connection is refused; what was interrupted
 * is finished by the next run.
 */
export async function writeDatabaseUrls({
  folderOf,
  server = 'postgres://aetherius@postgres:5432/aetherius',
  renew = false,
}: Providing): Promise<void> {
  const keep = folderOf('keep');
  if (renew) changeKept(keep, 'postgres', { next: newPassword() });
  const url = await administratorUrl(folderOf, server);
  const former = allKept(keep, 'postgres');
  const tell = (service: ServiceUser, passwords: string[]) =>
    replaceFile(join(folderOf(service), 'database-password'), `${passwords.join('\n')}\n`);
  for (const service of renew ? services : []) {
    const role = service.replaceAll('-', '_');
    const password = newPassword();
    const old = former[role];
    tell(service, old === undefined ? [password] : [password, old]);
    changeKept(keep, 'postgres', { [role]: password });
  }
  const { urlFor } = await provideSchemas(url, keptSecrets(keep, 'postgres'));
  for (const service of services) {
    const own = new URL(urlFor(service));
    tell(service, [decodeURIComponent(own.password)]);
    own.password = '';
    replaceFile(join(folderOf(service), 'database-url'), own.href);
  }
}

/** The address with the administrator's password, which is the next one from now on where there is one. */
async function administratorUrl(folderOf: (owner: Owner) => string, server: string): Promise<string> {
  const keep = folderOf('keep');
  const known = keptSecrets(keep, 'postgres')('aetherius', newPassword);
  const { next } = allKept(keep, 'postgres');
  if (next === undefined) return withPassword(server, known);
  // An earlier run may have been interrupted after the change.
  const isNext = await isAdmitted(withPassword(server, next));
  if (!isNext) await changeOwnPassword(withPassword(server, known), next);
  changeKept(keep, 'postgres', { aetherius: next, next: undefined });
  givePostgresPassword(folderOf, next);
  return withPassword(server, next);
}

const withPassword = (server: string, password: string): string => Object.assign(new URL(server), { password }).href;

const isAdmitted = (url: string): Promise<boolean> =>
  openPool({ url, schema: 'public', max: 1 }).then(
    async (db) => {
      await db.stop();
      return true;
    },
    () => false,
  );

async function changeOwnPassword(url: string, password: string): Promise<void> {
  const db = await openPool({ url, schema: 'public', max: 1 });
  try {
    // Our own base64url text: statements of this kind take no parameters.
    await db.run(sql`alter role current_user password '${sql.raw(password)}'`);
  } finally {
    await db.stop();
  }
}

/** In one step, because a service may read it at any moment. */
function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.next`, text, { mode: 0o600 });
  renameSync(`${file}.next`, file);
}
