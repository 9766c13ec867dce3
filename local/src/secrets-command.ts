import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AetheriusError } from '@aetherius/shared/errors';
import { addressProblem, hasEmptyPassword, readAddress } from '@aetherius/shared/postgres';
import { BUS_SECRET, busUserOf, clusterSecrets, type Renewable, renewables, signingKeyOf } from './cluster-secrets.ts';
import { type SigningKey, signingKeys } from './signing-keys.ts';

const USAGE = `usage: npm run --silent secrets -- --folder DIR [--namespace NAME] [--release NAME] [--database-url URL] [--bus-host NAMES] [--renew KEY | --retire KEY] | kubectl apply --server-side -f -

Makes the keys of an installation in DIR, once, and writes the Secrets that the chart "aetherius" asks for.
  --folder DIR         where the keys are kept; guard it and back it up
  --namespace NAME     of the control plane; aetherius unless given
  --release NAME       of the chart, by which the bundled Postgres and NATS are called, or its fullnameOverride where that has
                       aetherius in it; without it the one named last, else aetherius
  --database-url URL   postgres://user@host:5432/database; without it the one named last, else that of the bundled Postgres. With
                       a password in it, which everybody on this machine could read here: -, which reads it from standard input
  --bus-host NAMES     host names under which agents of other clusters reach the bundled NATS, with commas between them: makes the
                       Secret aetherius-nats-tls; without it for the names named last
  --renew KEY          a new key for the bus: ${renewables.join(', ')};
                       the last is all of them, for a folder that was stolen
  --retire KEY         trust the one before no longer: ${signingKeys.join(', ')}
  --help               this
Applied by the server, because kubectl would write what is in a Secret into an annotation of it as well.
With --renew and --retire only the Secret of the bus is written, and standard error says what to do next.`;

const options = {
  folder: { type: 'string' },
  namespace: { type: 'string', default: 'aetherius' },
  release: { type: 'string' },
  'database-url': { type: 'string' },
  'bus-host': { type: 'string' },
  renew: { type: 'string' },
  retire: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** One of the words that are known, or a refusal that names them. */
function known<W extends string>(flag: string, word: string | undefined, words: readonly W[]): W | undefined {
  const found = words.find((candidate) => candidate === word);
  if (word !== undefined && found === undefined) throw new Error(`--${flag}: ${word} is none of ${words.join(', ')}`);
  return found;
}

/** What to do next; read before the change, because it names the key that goes. */
function nextStep(folder: string, renew: Renewable | undefined, retire: SigningKey | undefined): string | undefined {
  const former = retire && signingKeyOf(folder, retire).former;
  if (retire === 'account-signing-key')
    return `When the Secret is applied, take the former key out at the bus: DELETE /api/v1/bus/signing-keys/${former} on agent-manager.`;
  if (retire === 'operator-signing-key')
    return `When the Secret is applied, restart the bus: from then on it does not trust ${former}.`;
  if (renew === 'account-signing-key')
    return 'When the Secret is applied, restart agent-manager, and an agent credential’s lifetime later (AGENT_JWT_SECONDS) --retire account-signing-key.';
  if (renew === 'operator-signing-key')
    return `When the Secret is applied, restart the bus, then agent-manager. When GET /api/v1/bus/signing-keys on agent-manager says that the account is signed by another key than ${signingKeyOf(folder, renew).current}, --retire operator-signing-key.`;
  if (renew === 'bus-keeper')
    return 'When the Secret is applied, restart agent-manager, then the bus, which shuts out the user before.';
  if (renew === 'bus-identity')
    return 'When the Secret is applied, empty the volume of the bus, which belongs to the former accounts, and restart it and all services; agents come back by their own keys. The former keys are in nats.former.';
  if (renew === undefined) return undefined;
  const before = busUserOf(folder, renew);
  if (before === undefined)
    throw new Error(`--renew: ${folder} holds no key of ${renew} yet, so there is nothing to renew`);
  return `${renew} has a new key. Two minutes after the Secret is applied, shut the old one out: DELETE /api/v1/bus/users/${before} on agent-manager.`;
}

function releaseName(given: string | undefined): string | undefined {
  if (given !== undefined && !/^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/.test(given))
    throw new Error(`--release: ${given} is no name of a release`);
  return given;
}

const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(?=.{1,253}$)${LABEL}([.]${LABEL})*$`, 'i');

function hostNames(given: string | undefined): string[] | undefined {
  const names = given?.split(',');
  const wrong = names?.find((name) => !HOST.test(name) || isIP(name) !== 0);
  if (wrong !== undefined)
    throw new Error(`--bus-host: ${wrong} is no host name, and agents check the certificate by name`);
  return names;
}

/** The address of the database as it was named, or as it comes on standard input. */
function addressFrom(named: string | undefined): string | undefined {
  if (named === '') throw new Error('--database-url is empty: is the variable set that you gave?');
  if (named !== undefined && named !== '-' && readAddress(named)?.password)
    console.error(
      '--database-url: everybody on this machine could read the password; with - it comes on standard input',
    );
  if (named !== '-') return named;
  const read = readFileSync(0, 'utf8').trim();
  if (read === '') throw new Error('--database-url: - is an address on standard input, and nothing came there');
  return read;
}

/** What the client would otherwise take from the pod: its user `root` or `node`, which no database has. */
function lackingIn(databaseUrl: string): string | undefined {
  const { username, pathname, searchParams } = readAddress(databaseUrl) ?? new URL('postgres://');
  if (username === '' && !searchParams.has('user')) return 'user';
  return pathname.length > 1 ? undefined : 'database';
}

function refuseWrong(namespace: string, databaseUrl: string | undefined): void {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace))
    throw new Error(`--namespace: ${namespace} is no name of a namespace`);
  const problem = databaseUrl && addressProblem(databaseUrl);
  if (problem !== undefined) throw new Error(`--database-url: ${problem}`);
  const lacking = databaseUrl && lackingIn(databaseUrl);
  if (lacking) throw new Error(`--database-url: names no ${lacking}, as postgres://USER@HOST:5432/DATABASE does`);
  if (databaseUrl !== undefined && hasEmptyPassword(databaseUrl))
    throw new Error('--database-url: the password is empty; leave out the colon where the server asks for none');
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const given = <T extends object>(all: T): Given<T> =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Given<T>;

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help) return console.log(USAGE);
  const { folder, namespace, 'database-url': named, 'bus-host': busHost, ...keys } = values;
  if (folder === undefined) throw new Error('--folder is needed');
  if (folder.trim() === '') throw new Error('--folder is empty: is the variable set that you gave?');
  const databaseUrl = addressFrom(named);
  refuseWrong(namespace, databaseUrl);
  const busHosts = hostNames(busHost);
  const [renew, retire] = [known('renew', keys.renew, renewables), known('retire', keys.retire, signingKeys)];
  if (renew !== undefined && retire !== undefined) throw new Error('--renew and --retire: one at a time');
  const next = nextStep(folder, renew, retire);
  const all = await clusterSecrets({
    folder: resolve(folder),
    namespace,
    ...given({ release: releaseName(keys.release), databaseUrl, busHosts, renew, retire }),
  });
  // Who replaces one key leaves everything else as it is.
  const items = next === undefined ? all : all.filter(({ metadata }) => metadata.name === BUS_SECRET);
  console.log(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2));
  if (next !== undefined) console.error(next);
}

/** What the system says of a file: which one, and who may. */
function ofFile(error: unknown): string | undefined {
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === undefined || path === undefined) return undefined;
  return `${path} cannot be written: ${code}. It has to be a file or a folder that this user may read and write: run it as the owner of --folder`;
}

await main().catch((error: unknown) => {
  const said = error instanceof Error ? error.message : String(error);
  const known = ofFile(error) ?? (error instanceof AetheriusError ? said : undefined);
  console.error(known ?? `${said}\nnpm run secrets -- --help says how it is used`);
  process.exitCode = 2;
});
