import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { busKeeper, MAX_PAYLOAD_BYTES, type NatsPermissions, natsUserClaims } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import {
  type Account,
  createAccount,
  createOperator,
  createUser,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
  fromSeed,
  type KeyPair,
} from '@nats-io/jwt';
import { makeFolder } from './home.ts';
import { keptSecrets } from './secrets.ts';

const GIB = 1024 ** 3;

const JETSTREAM_DISK = 16 * GIB;
const JETSTREAM_MEMORY = GIB / 4;

/** A limit that is not written down counts as 0: no connection, no JetStream. */
const plainLimits = {
  subs: -1,
  data: -1,
  payload: MAX_PAYLOAD_BYTES,
  conn: 20_000,
  leaf: 0,
  imports: -1,
  exports: -1,
  wildcards: true,
  disallow_bearer: true,
};
const jetstreamLimits = { mem_storage: JETSTREAM_MEMORY, disk_storage: JETSTREAM_DISK, streams: 64, consumer: 4_096 };

/** What a server needs to know to accept our users. */
export type Trust = { operator: string; systemAccount: string; accounts: Record<string, string> };

export type NatsAuth = {
  trust: Trust;
  /** Writes the user's credentials file, readable by its owner alone, and gives its path. */
  creds(user: string, permissions: NatsPermissions): Promise<string>;
  /** The file by which the manager lets agents in and shuts them out: signing keys, and a user for the bus's own requests. */
  issuerFile: string;
};

/** Operator, accounts and users of the bus; their keys are made once and kept in the folder. */
export async function createNatsAuth(folder: string): Promise<NatsAuth> {
  makeFolder(folder, 0o700);
  const kept = keptSecrets(folder, 'keys');
  const key = (name: string, make: () => KeyPair) => fromSeed(Buffer.from(kept(name, () => seedOf(make()))));
  const keys: BusKeys = {
    operator: key('operator', createOperator),
    operatorSigning: key('operator-signing', createOperator),
    system: key('system', createAccount),
    account: key('account', createAccount),
    accountSigning: key('account-signing', createAccount),
  };
  const issuerFile = join(folder, 'issuer.json');
  writeFileSync(issuerFile, await issuerText(keys, key('user:bus-keeper', createUser)), { mode: 0o600 });
  return {
    trust: await trustOf(keys, kept),
    issuerFile,
    creds: async (user, permissions) => {
      if (!/^[a-z0-9][a-z0-9_.-]*$/i.test(user)) throw errors.invalid_input({ user });
      const pair = key(`user:${user}`, createUser);
      const jwt = await encodeUser(user, pair, keys.account, natsUserClaims(permissions));
      const file = join(folder, `${user}.creds`);
      writeFileSync(file, fmtCreds(jwt, pair), { mode: 0o600 });
      return file;
    },
  };
}

/** Identity keys sign once and stay here; signing keys do the daily work and can be replaced without a new identity. */
type BusKeys = Record<'operator' | 'operatorSigning' | 'system' | 'account' | 'accountSigning', KeyPair>;

async function trustOf(keys: BusKeys, kept: (key: string, make: () => string) => string): Promise<Trust> {
  const { operator, operatorSigning, system, account, accountSigning } = keys;
  // Signed once for what it says: a server that finds a newer one would forget who was revoked since.
  const signed = async (name: string, pair: KeyPair, claims: Partial<Account>) => {
    const jwt = await encodeAccount(name, pair, claims, { signer: operator });
    const says = createHash('sha256')
      .update(JSON.stringify([claims, operator.getPublicKey()]))
      .digest('hex');
    return kept(`jwt:${name}:${says}`, () => jwt);
  };
  const signing_keys = [accountSigning.getPublicKey()];
  return {
    operator: await encodeOperator('AETHERIUS', operator, {
      system_account: system.getPublicKey(),
      signing_keys: [operatorSigning.getPublicKey()],
    }),
    systemAccount: system.getPublicKey(),
    accounts: {
      [system.getPublicKey()]: await signed('SYS', system, { limits: plainLimits }),
      [account.getPublicKey()]: await signed('AETHERIUS', account, {
        limits: { ...plainLimits, ...jetstreamLimits },
        signing_keys,
      }),
    },
  };
}

async function issuerText(
  { operatorSigning, system, account, accountSigning }: BusKeys,
  keeper: KeyPair,
): Promise<string> {
  const issuer = {
    account: account.getPublicKey(),
    account_signing_seed: seedOf(accountSigning),
    operator_signing_seed: seedOf(operatorSigning),
    system_user: {
      jwt: await encodeUser('bus-keeper', keeper, system, natsUserClaims(busKeeper.permissions)),
      seed: seedOf(keeper),
    },
  };
  return `${JSON.stringify(issuer, undefined, 2)}\n`;
}

const seedOf = (pair: KeyPair): string => Buffer.from(pair.getSeed()).toString('utf8');

export type NatsServerSettings = {
  trust: Trust;
  port: number;
  monitorPort: number;
  storeFolder: string;
  accountsFolder: string;
  /** Write each message to disk before it is acknowledged; servers older than 2.10 do not know the setting. */
  syncAlways: boolean;
  /** Certificate and key in PEM: then nobody is heard without TLS. */
  tls?: { certFile: string; keyFile: string } | undefined;
  /** Where it listens; this machine alone by default. */
  host?: string | undefined;
};

/** The server's configuration: accounts can be replaced while it runs, which is how a user is revoked. */
export const natsServerConfig = (settings: NatsServerSettings): string => {
  const { trust, port, monitorPort, storeFolder, accountsFolder, syncAlways, tls, host = '127.0.0.1' } = settings;
  const accounts = Object.entries(trust.accounts).map(([id, jwt]) => `  ${id}: ${jwt}`);
  return [
    'server_name: aetherius',
    `host: ${host}`,
    `port: ${port}`,
    `http: "127.0.0.1:${monitorPort}"`,
    ...(tls === undefined ? [] : tlsLines(tls)),
    `max_payload: ${MAX_PAYLOAD_BYTES}`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(storeFolder)}`,
    `  max_mem: ${JETSTREAM_MEMORY}`,
    `  max_file: ${JETSTREAM_DISK}`,
    ...(syncAlways ? ['  sync_interval: always'] : []),
    '}',
    `operator: ${trust.operator}`,
    `system_account: ${trust.systemAccount}`,
    `resolver: { type: full, dir: ${JSON.stringify(accountsFolder)}, allow_delete: true, interval: "2m" }`,
    'resolver_preload: {',
    ...accounts,
    '}',
    '',
  ].join('\n');
};

const tlsLines = ({ certFile, keyFile }: { certFile: string; keyFile: string }): string[] => [
  'tls {',
  `  cert_file: ${JSON.stringify(certFile)}`,
  `  key_file: ${JSON.stringify(keyFile)}`,
  '}',
];
