import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ServiceUser, servicePermissions } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { credsUser } from '@aetherius/shared/nats';
import { newPassword } from './backing/postgres-server.ts';
import { makeFolder } from './home.ts';
import { keptCertificates } from './kept-certificates.ts';
import { openKeys } from './keys.ts';
import { createNatsAuth, type Trust } from './nats-auth.ts';
import { aloneIn, keptSecrets } from './secrets.ts';
import {
  currentKey,
  formerKey,
  renewKeeper,
  renewSigningKey,
  retireSigningKey,
  type SigningKey,
  signingKeys,
} from './signing-keys.ts';
import { markWhole, requireOwn, requireWhole } from './whole-folder.ts';

export type SecretsWanted = {
  /** Where the keys of the installation are kept: the one thing of it to guard and to back up. */
  folder: string;
  namespace: string;
  /** Name of the release; without it the one that was named last, else the chart's own. */
  release?: string;
  /** Address of the database; without it the one that was named last, else that of the bundled one, with a password made here. */
  databaseUrl?: string;
  /** Names under which agents of other clusters reach the bundled bus; without them those that were named last, else it gets no certificate. */
  busHosts?: readonly string[];
  /** What gets a new key for the bus; what the old one may, it may until it is shut out there or retired. */
  renew?: Renewable;
  /** The signing key whose former one is trusted no longer. */
  retire?: SigningKey;
};

type Secret = {
  apiVersion: 'v1';
  kind: 'Secret';
  metadata: { name: string; namespace: string };
  type?: 'kubernetes.io/tls';
  stringData: Record<string, string>;
};

export const services: ServiceUser[] = ['agent-manager', 'orchestrator-service', 'reasoning-service'];

/** Whose key for the bus can be replaced; `bus-identity` is all of them, those of operator and accounts among them. */
export type Renewable = ServiceUser | SigningKey | 'bus-keeper' | 'bus-identity';
export const renewables: readonly Renewable[] = [...services, 'bus-keeper', ...signingKeys, 'bus-identity'];

/** The Secrets that the chart of the control plane asks for; but for what is to be renewed, what the folder holds already is not made anew. */
export async function clusterSecrets(wanted: SecretsWanted): Promise<Secret[]> {
  const { folder, renew, retire } = wanted;
  const isChange = renew !== undefined || retire !== undefined;
  // Of a folder that is not there nothing can be changed, and the refusal makes none.
  if (isChange && !existsSync(folder)) return await secretsIn(wanted);
  requireOwn(makeFolder(folder, 0o700));
  return await aloneIn(folder, () => secretsIn(wanted));
}

/** Made before the keys of the bus by every version; each of the others since the one that remembers the release. */
const madeFirst = (folder: string): string[] => [
  ...['access-token.key', 'bootstrap-token', 'postgres.json'],
  ...(existsSync(join(folder, 'release.json')) ? ['database.json', 'bus.json'] : []),
];

async function secretsIn(wanted: SecretsWanted): Promise<Secret[]> {
  const { folder } = wanted;
  requireWhole(folder, madeFirst(folder));
  const secrets = await wholeSecrets(wanted);
  markWhole(folder);
  return secrets;
}

async function wholeSecrets(wanted: SecretsWanted): Promise<Secret[]> {
  const { folder, namespace, databaseUrl, busHosts, renew, retire } = wanted;
  const signing = signingKeys.find((key) => key === renew);
  if (signing !== undefined) await renewSigningKey(busFolder(folder), signing);
  if (renew === 'bus-keeper') renewKeeper(busFolder(folder));
  if (renew === 'bus-identity') putIdentityAside(folder);
  if (retire !== undefined) retireSigningKey(busFolder(folder), retire);
  const secret = (name: string, stringData: Record<string, string>): Secret => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    stringData,
  });
  const { privateKeyFile, publicKeyFile, bootstrapTokenFile } = openKeys(folder);
  const password = keptSecrets(folder, 'postgres')('password', newPassword);
  const names = fullName(
    keptSecrets(folder, 'release', wanted.release && 'name')('name', () => wanted.release ?? CHART),
  );
  const bundled = `postgres://aetherius:${password}@${names}-postgres.${namespace}.svc:5432/aetherius`;
  // A second run must not take an installation's own database from it.
  const own = keptSecrets(folder, 'database', databaseUrl && 'url')('url', () => databaseUrl ?? '');
  const outside = keptSecrets(folder, 'bus', busHosts && 'hosts')('hosts', () => busHosts?.join(',') ?? '');
  return [
    secret('aetherius-auth', {
      'access-token.key': readFileSync(privateKeyFile, 'utf8'),
      'access-token.pub': readFileSync(publicKeyFile, 'utf8'),
      'bootstrap-token': readFileSync(bootstrapTokenFile, 'utf8'),
    }),
    secret(
      BUS_SECRET,
      await busSecrets(
        busFolder(folder),
        services.find((service) => service === renew),
      ),
    ),
    secret('aetherius-database', own === '' ? { password, url: bundled } : { url: own }),
    ...(outside === ''
      ? []
      : [
          {
            ...secret(
              'aetherius-nats-tls',
              busCertificate({ folder, inside: `${names}-nats.${namespace}.svc`, outside }),
            ),
            type: 'kubernetes.io/tls' as const,
          },
        ]),
  ];
}

/** For the bundled bus: the services know it by the name of its Service, agents of other clusters by one from outside. */
function busCertificate(bus: { folder: string; inside: string; outside: string }): Record<string, string> {
  const { authority, certified } = keptCertificates(makeFolder(join(bus.folder, 'tls'), 0o700), new Date());
  const hosts = [bus.inside, ...bus.outside.split(',')];
  const { certificate, key } = certified('nats', hosts);
  return { 'tls.crt': certificate, 'tls.key': key, 'ca.crt': authority };
}

const CHART = 'aetherius';

/** The beginning of every object's name in a release of the chart, as its template `aetherius.fullname` has it. */
const fullName = (release: string): string => (release.includes(CHART) ? release : `${release}-${CHART}`);

/** The Secret that holds what is renewed and retired. */
export const BUS_SECRET = 'aetherius-nats';

const busFolder = (folder: string): string => join(folder, 'nats');

/** The former identity is kept until the next is put aside: whoever did not mean it can go back. */
function putIdentityAside(folder: string): void {
  if (!existsSync(busFolder(folder)))
    throw errors.conflict({ folder, reason: 'holds no bus-identity that could be renewed' });
  const former = join(folder, 'nats.former');
  rmSync(former, { recursive: true, force: true });
  renameSync(busFolder(folder), former);
}

/** The public key by which a service is let onto the bus, as the folder has it now. */
export const busUserOf = (folder: string, service: ServiceUser): string | undefined =>
  credsUser(join(busFolder(folder), `${service}.creds`));

/** The public keys of a signing key: the one in use, and the one before until it is retired. */
export const signingKeyOf = (folder: string, key: SigningKey) => ({
  current: currentKey(busFolder(folder), key),
  former: formerKey(busFolder(folder), key),
});

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
