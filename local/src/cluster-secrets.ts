import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ServiceUser, servicePermissions } from '@aetherius/shared/contracts';
import { credsUser } from '@aetherius/shared/nats';
import { newPassword } from './backing/postgres-server.ts';
import { makeFolder } from './home.ts';
import { openKeys } from './keys.ts';
import { createNatsAuth, type Trust } from './nats-auth.ts';
import { keptSecrets } from './secrets.ts';

export type SecretsWanted = {
  /** Where the keys of the installation are kept: the one thing of it to guard and to back up. */
  folder: string;
  namespace: string;
  /** Address of the database; without it that of the bundled one, with a password made here. */
  databaseUrl?: string;
  /** The service that gets a new key for the bus; what its old one may, it may until it is shut out there. */
  renew?: ServiceUser;
};

type Secret = {
  apiVersion: 'v1';
  kind: 'Secret';
  metadata: { name: string; namespace: string };
  stringData: Record<string, string>;
};

export const services: ServiceUser[] = ['agent-manager', 'orchestrator-service', 'reasoning-service'];

/** The Secrets that the chart of the control plane asks for; but for what is to be renewed, what the folder holds already is not made anew. */
export async function clusterSecrets({ folder, namespace, databaseUrl, renew }: SecretsWanted): Promise<Secret[]> {
  makeFolder(folder, 0o700);
  const secret = (name: string, stringData: Record<string, string>): Secret => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    stringData,
  });
  const { privateKeyFile, publicKeyFile, bootstrapTokenFile } = openKeys(folder);
  const password = keptSecrets(folder, 'postgres')('password', newPassword);
  const bundled = `postgres://aetherius:${password}@aetherius-postgres.${namespace}.svc:5432/aetherius`;
  return [
    secret('aetherius-auth', {
      'access-token.key': readFileSync(privateKeyFile, 'utf8'),
      'access-token.pub': readFileSync(publicKeyFile, 'utf8'),
      'bootstrap-token': readFileSync(bootstrapTokenFile, 'utf8'),
    }),
    secret('aetherius-nats', await busSecrets(busFolder(folder), renew)),
    secret('aetherius-database', databaseUrl === undefined ? { password, url: bundled } : { url: databaseUrl }),
  ];
}

const busFolder = (folder: string): string => join(folder, 'nats');

/** The public key by which a service is let onto the bus, as the folder has it now. */
export const busUserOf = (folder: string, service: ServiceUser): string | undefined =>
  credsUser(join(busFolder(folder), `${service}.creds`));

/** Each user's credentials and what the server has to know; the keys that all of it is signed by stay here. */
async function busSecrets(folder: string, renew: ServiceUser | undefined): Promise<Record<string, string>> {
  const auth = await createNatsAuth(folder, renew);
  for (const service of services) await auth.creds(service, servicePermissions(service));
  const given = readdirSync(folder).filter((file) => file.endsWith('.creds') || file === 'issuer.json');
  return {
    'auth.conf': authConfig(auth.trust),
    ...Object.fromEntries(given.map((file) => [file, readFileSync(join(folder, file), 'utf8')])),
  };
}

/** The part of a server's configuration that says whom it lets in; accounts can be replaced while it runs. */
const authConfig = ({ operator, systemAccount, accounts }: Trust): string =>
  [
    `operator: ${operator}`,
    `system_account: ${systemAccount}`,
    'resolver: { type: full, dir: "/data/accounts", allow_delete: true, interval: "2m" }',
    'resolver_preload: {',
    ...Object.entries(accounts).map(([id, jwt]) => `  ${id}: ${jwt}`),
    '}',
    '',
  ].join('\n');
