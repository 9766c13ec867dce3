import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ServiceUser, servicePermissions } from '@aetherius/shared/contracts';
import { newPassword } from '../backing/postgres-server.ts';
import { redisSettings } from '../backing/redis.ts';
import { makeFolder } from '../home.ts';
import { keptCertificates } from '../kept-certificates.ts';
import { type Keys, openKeys } from '../keys.ts';
import { createNatsAuth, natsServerConfig } from '../nats-auth.ts';
import { keptSecrets } from '../secrets.ts';
import { markWhole, requireWhole } from '../whole-folder.ts';

/** Who gets a volume with what is theirs and nothing else; `keep` has everything, and is mounted into the preparation alone. */
export type Owner =
  | ServiceUser
  | 'keep'
  | 'collect-agent'
  | 'postgres'
  | 'redis'
  | 'nats'
  | 'neo4j'
  | 'gateway'
  | 'grafana';

export type Preparing = {
  folderOf: (owner: Owner) => string;
  /** Names and addresses under which the servers are reached from outside. */
  hosts: readonly string[];
  now: Date;
  /** Who gets a new key of the bus. */
  renew?: ServiceUser;
};

/** Where each part finds its volume in its own container. */
const MOUNTED = '/run/aetherius';

/** The central services, each with a role of its own in the database. */
export const services: readonly ServiceUser[] = ['agent-manager', 'orchestrator-service', 'reasoning-service'];
/** Read by its owner alone; what a foreign image reads as a user of its own is closed off by the volume instead. */
const [PRIVATE, FOREIGN] = [0o600, 0o644];

type Write = (owner: Owner, file: string, text: string, mode?: number) => void;

/** Makes what is not there yet, and gives each part its own; the same again at every later start. */
export async function writeSecrets({ folderOf, hosts, now, renew }: Preparing): Promise<void> {
  const keep = folderOf('keep');
  requireWhole(keep, ['access-token.key', 'bootstrap-token']);
  const write: Write = (owner, file, text, mode = PRIVATE) =>
    writeFileSync(join(folderOf(owner), file), text, { mode });
  const keys = openKeys(keep);
  giveKeys(write, keys);
  const tls = keptCertificates(makeFolder(join(keep, 'tls'), 0o700), now);
  for (const owner of services) write(owner, 'ca.crt', tls.authority);
  for (const owner of ['nats', 'gateway'] as const) {
    const { certificate, key } = tls.certified(owner, [owner, 'localhost', '127.0.0.1', ...hosts]);
    write(owner, 'tls.crt', certificate, FOREIGN);
    write(owner, 'tls.key', key, owner === 'nats' ? PRIVATE : FOREIGN);
  }
  await giveBus(write, keep, renew);
  givePasswords(write, folderOf);
  markWhole(keep);
}

function giveKeys(write: Write, { privateKeyFile, publicKeyFile, bootstrapTokenFile }: Keys): void {
  write('agent-manager', 'access-token.key', readFileSync(privateKeyFile, 'utf8'));
  write('agent-manager', 'bootstrap-token', readFileSync(bootstrapTokenFile, 'utf8'));
  const publicKey = readFileSync(publicKeyFile, 'utf8');
  for (const owner of services) write(owner, 'access-token.pub', publicKey);
}

/** The administrator's password, for the server at its first start and for backups. */
export const givePostgresPassword = (folderOf: Preparing['folderOf'], password: string): void =>
  writeFileSync(join(folderOf('postgres'), 'password'), password, { mode: FOREIGN });

function givePasswords(write: Write, folderOf: Preparing['folderOf']): void {
  const keep = folderOf('keep');
  givePostgresPassword(folderOf, keptSecrets(keep, 'postgres')('aetherius', newPassword));
  const redis = keptSecrets(keep, 'redis')('redis', newPassword);
  write('redis', 'redis.conf', `${['dir /tmp', ...redisSettings(redis)].join('\n')}\n`);
  write('agent-manager', 'redis-url', `redis://:${redis}@redis:6379`);
  const neo4j = keptSecrets(keep, 'neo4j')('neo4j', newPassword);
  write('neo4j', 'auth', `neo4j/${neo4j}`, FOREIGN);
  write('reasoning-service', 'neo4j-password', neo4j);
  write('grafana', 'password', keptSecrets(keep, 'grafana')('grafana', newPassword), FOREIGN);
}

async function giveBus(write: Write, keep: string, renew: ServiceUser | undefined): Promise<void> {
  const auth = await createNatsAuth(join(keep, 'nats'), renew);
  for (const service of services) {
    const file = await auth.creds(service, servicePermissions(service));
    write(service, 'nats.creds', readFileSync(file, 'utf8'));
  }
  write('agent-manager', 'issuer.json', readFileSync(auth.issuerFile, 'utf8'));
  const text = natsServerConfig({
    trust: auth.trust,
    host: '0.0.0.0',
    port: 4222,
    monitorPort: 8222,
    storeFolder: '/data/jetstream',
    accountsFolder: '/data/accounts',
    syncAlways: true,
    tls: { certFile: `${MOUNTED}/tls.crt`, keyFile: `${MOUNTED}/tls.key` },
  });
  write('nats', 'server.conf', text);
}
