import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  busKeeper,
  JETSTREAM_MEMORY_BYTES,
  MAX_PAYLOAD_BYTES,
  type NatsPermissions,
  natsUserClaims,
} from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { claimsOf, credsText, type NkeyKind, type Signer, seedOf, signedJwt, signerOf } from '@aetherius/shared/nats';
import { makeFolder } from './home.ts';
import { allKept, changeKept, damaged, keptSecrets, lost } from './secrets.ts';

const GIB = 1024 ** 3;

/** How a keeper of the bus that was replaced is kept, before its public key. */
export const REVOKED_KEEPER = 'revoked-keeper:';

const JETSTREAM_DISK = 16 * GIB;

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
/** Disk is bounded by each server's own `max_file`: an account's limit counts every copy of a stream, so it would forbid the second. */
const jetstreamLimits = { mem_storage: JETSTREAM_MEMORY_BYTES, disk_storage: -1, streams: 64, consumer: 4_096 };

/** What a server needs to know to accept our users. */
export type Trust = { operator: string; systemAccount: string; accounts: Record<string, string> };

export type NatsAuth = {
  trust: Trust;
  /** Writes the user's credentials file, readable by its owner alone, and gives its path. */
  creds(user: string, permissions: NatsPermissions): Promise<string>;
  /** The file by which the manager lets agents in and shuts them out: signing keys, and a user for the bus's own requests. */
  issuerFile: string;
};

/** Operator, accounts and users of the bus; their keys are made once and kept in the folder, but that of a user who is to be `renewed`. */
export async function createNatsAuth(folder: string, renewed?: string): Promise<NatsAuth> {
  makeFolder(folder, 0o700);
  openIdentities(folder);
  const kept = keptSecrets(folder, 'keys', renewed === undefined ? undefined : `user:${renewed}`);
  const key = (name: string, kind: NkeyKind) =>
    keyOf(
      kept(name, () => seedOf(randomBytes(32), kind)),
      kind,
      folder,
    );
  const keys: BusKeys = {
    operator: key('operator', 'operator'),
    operatorSigning: key('operator-signing', 'operator'),
    system: key('system', 'account'),
    account: key('account', 'account'),
    accountSigning: key('account-signing', 'account'),
  };
  const former = formerKeys(folder);
  const issuerFile = join(folder, 'issuer.json');
  writeFileSync(issuerFile, issuerText(keys, key('user:bus-keeper', 'user'), former), { mode: 0o600 });
  return {
    trust: trustOf(keys, kept, former),
    issuerFile,
    creds: async (user, permissions) => {
      if (!/^[a-z0-9][a-z0-9_.-]*$/i.test(user)) throw errors.invalid_input({ user });
      const { publicKey, seed } = key(`user:${user}`, 'user');
      const file = join(folder, `${user}.creds`);
      writeFileSync(file, credsText(userJwt(keys.account, { name: user, publicKey, permissions }), seed), {
        mode: 0o600,
      });
      return file;
    },
  };
}

const identities = { operator: 'operator', system: 'account', account: 'account' } as const;

/** Made all at once: a file that lacks one of them was not written here, and others would shut everybody out. */
function openIdentities(folder: string): void {
  const kept = allKept(folder, 'keys');
  const all = Object.entries(identities);
  if (Object.keys(kept).length === 0) {
    // The keys come first: credentials without them are of keys that were lost.
    if (readdirSync(folder).some((file) => file.endsWith('.creds') || file === 'issuer.json'))
      throw lost(join(folder, 'keys.json'));
    changeKept(folder, 'keys', Object.fromEntries(all.map(([name, kind]) => [name, seedOf(randomBytes(32), kind)])));
  } else if (all.some(([name]) => kept[name] === undefined)) throw damaged(join(folder, 'keys.json'));
}

/** Who signs, with the seed that makes it so. */
type Key = Signer & { seed: string };

/** Identity keys sign once and stay here; signing keys do the daily work and can be replaced without a new identity. */
type BusKeys = Record<'operator' | 'operatorSigning' | 'system' | 'account' | 'accountSigning', Key>;

/** Public keys that were replaced: signing keys are trusted still, until they are retired; keepers are shut out, each with its moment. */
type FormerKeys = Record<'accountSigning' | 'operatorSigning', string | undefined> & {
  keepers: Record<string, number>;
};

function formerKeys(folder: string): FormerKeys {
  const kept = allKept(folder, 'keys');
  const revoked = Object.entries(kept).filter(([name]) => name.startsWith(REVOKED_KEEPER));
  return {
    accountSigning: kept['account-signing:former'],
    operatorSigning: kept['operator-signing:former'],
    keepers: Object.fromEntries(revoked.map(([name, at]) => [name.slice(REVOKED_KEEPER.length), Number(at)])),
  };
}

function keyOf(seed: string, kind: NkeyKind, folder: string): Key {
  const signer = signerOf(seed, kind);
  if (signer === undefined) throw damaged(join(folder, 'keys.json'));
  return { ...signer, seed };
}

const seconds = (): number => Math.floor(Date.now() / 1000);

const signed = (signer: Signer, name: string, sub: string, nats: object, iat = seconds()): string =>
  signedJwt(signer, { name, sub, iat, nats: { ...nats, version: 2 } });

type User = { name: string; publicKey: string; permissions: NatsPermissions };
const userJwt = (account: Signer, { name, publicKey, permissions }: User): string =>
  signed(account, name, publicKey, { ...natsUserClaims(permissions), type: 'user' });

function trustOf(keys: BusKeys, kept: (key: string, make: () => string) => string, former: FormerKeys): Trust {
  const { operator, operatorSigning, system, account, accountSigning } = keys;
  const hashOf = (claims: object) =>
    createHash('sha256')
      .update(JSON.stringify([claims, operator.publicKey]))
      .digest('hex');
  // Signed once for what it says: a server that finds a newer one would forget who was revoked since, and one whose
  // configuration differs is restarted.
  const jwt = (type: 'operator' | 'account', name: string, { publicKey }: Signer, claims: object, iat = seconds) =>
    kept(`jwt:${name}:${hashOf(claims)}`, () => signed(operator, name, publicKey, { ...claims, type }, iat()));
  const limits = { ...plainLimits, ...jetstreamLimits };
  // For the same reason the moment stays when no more than the signing keys change: those of a bus that runs are the manager's to tell.
  const since = `since:AETHERIUS:${hashOf({ limits })}`;
  const accountJwt = jwt(
    'account',
    'AETHERIUS',
    account,
    { limits, signing_keys: trusted(accountSigning, former.accountSigning) },
    () => Number(kept(since, () => String(seconds()))),
  );
  kept(since, () => String(claimsOf(accountJwt).iat));
  return {
    operator: jwt('operator', 'AETHERIUS', operator, {
      system_account: system.publicKey,
      signing_keys: trusted(operatorSigning, former.operatorSigning),
    }),
    systemAccount: system.publicKey,
    accounts: {
      [system.publicKey]: jwt('account', 'SYS', system, {
        limits: plainLimits,
        ...(Object.keys(former.keepers).length === 0 ? {} : { revocations: former.keepers }),
      }),
      [account.publicKey]: accountJwt,
    },
  };
}

const trusted = ({ publicKey }: Signer, former: string | undefined): string[] =>
  former === undefined ? [publicKey] : [publicKey, former];

function issuerText(keys: BusKeys, keeper: Key, former: FormerKeys): string {
  const { operatorSigning, system, account, accountSigning } = keys;
  const user = { name: 'bus-keeper', publicKey: keeper.publicKey, permissions: busKeeper.permissions };
  const issuer = {
    account: account.publicKey,
    account_signing_seed: accountSigning.seed,
    operator_signing_seed: operatorSigning.seed,
    former_operator_signing_key: former.operatorSigning,
    system_user: { jwt: userJwt(system, user), seed: keeper.seed },
  };
  return `${JSON.stringify(issuer, undefined, 2)}\n`;
}

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
    `  max_mem: ${JETSTREAM_MEMORY_BYTES}`,
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
