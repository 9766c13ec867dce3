import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { damaged } from './secrets.ts';

/** Files that the services share: who signs access tokens, who checks them, and the first administrator's token. */
export type Keys = { privateKeyFile: string; publicKeyFile: string; bootstrapTokenFile: string };

/** Makes the keys of this installation on its first start; later starts find them, and refuse those that nobody could use. */
export function openKeys(secrets: string): Keys {
  const keys: Keys = {
    privateKeyFile: join(secrets, 'access-token.key'),
    publicKeyFile: join(secrets, 'access-token.pub'),
    bootstrapTokenFile: join(secrets, 'bootstrap-token'),
  };
  if (!existsSync(keys.privateKeyFile) && !existsSync(keys.publicKeyFile)) writePair(keys, '');
  checkPair(keys);
  if (!existsSync(keys.bootstrapTokenFile)) {
    writeFileSync(keys.bootstrapTokenFile, `aeth_${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  }
  if (!isToken(readKey(keys.bootstrapTokenFile, (text) => text.trim()))) throw damaged(keys.bootstrapTokenFile);
  return keys;
}

/** As it is made here, or else as agent-manager asks of one that somebody wrote himself. */
const isToken = (text: string): boolean => (text.startsWith('aeth_') ? /^aeth_[\w-]{43,}$/ : /^\S{24,}$/).test(text);

/** The public half follows from the private one: where only it is gone, it is written again. */
function checkPair({ privateKeyFile, publicKeyFile }: Keys): void {
  const own = readKey(privateKeyFile, (text) => pem(createPublicKey(createPrivateKey(text))));
  if (!existsSync(publicKeyFile)) writeFileSync(publicKeyFile, own, { mode: 0o644 });
  const trusted = readKey(publicKeyFile, (text) => (text.match(PEM) ?? []).map((block) => pem(createPublicKey(block))));
  if (!trusted.includes(own)) throw damaged(publicKeyFile);
}

function readKey<T>(file: string, parse: (text: string) => T): T {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw damaged(file, cause);
  }
}

const PEM = /-----BEGIN[\s\S]+?-----END[^\n]*\n/g;
const pem = (key: KeyObject): string => String(key.export({ type: 'spki', format: 'pem' }));

/** A new key signs access tokens from now on; those that the one before signed are good until it is retired. */
export function renewTokenKey(secrets: string): void {
  const keys = openKeys(secrets);
  writePair(keys, firstKey(keys));
}

/** Only the key that signs now is trusted any more. */
export function retireTokenKey(secrets: string): void {
  const keys = openKeys(secrets);
  writeFileSync(keys.publicKeyFile, firstKey(keys), { mode: 0o644 });
}

function writePair({ privateKeyFile, publicKeyFile }: Keys, former: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  // The public one first: a key that signs and is not trusted would shut everybody out.
  writeFileSync(publicKeyFile, `${pem(publicKey)}${former}`, { mode: 0o644 });
  writeFileSync(privateKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
}

const firstKey = ({ publicKeyFile }: Keys): string => readFileSync(publicKeyFile, 'utf8').match(PEM)?.[0] ?? '';

export const bootstrapToken = ({ bootstrapTokenFile }: Keys): string => readFileSync(bootstrapTokenFile, 'utf8').trim();
