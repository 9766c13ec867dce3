import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files that the services share: who signs access tokens, who checks them, and the first administrator's token. */
export type Keys = { privateKeyFile: string; publicKeyFile: string; bootstrapTokenFile: string };

/** Makes the keys of this installation on its first start; later starts find them. */
export function openKeys(secrets: string): Keys {
  const keys: Keys = {
    privateKeyFile: join(secrets, 'access-token.key'),
    publicKeyFile: join(secrets, 'access-token.pub'),
    bootstrapTokenFile: join(secrets, 'bootstrap-token'),
  };
  if (!existsSync(keys.privateKeyFile) || !existsSync(keys.publicKeyFile)) writePair(keys, '');
  if (!existsSync(keys.bootstrapTokenFile)) {
    writeFileSync(keys.bootstrapTokenFile, `aeth_${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  }
  return keys;
}

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
  writeFileSync(publicKeyFile, `${publicKey.export({ type: 'spki', format: 'pem' })}${former}`, { mode: 0o644 });
  writeFileSync(privateKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
}

const firstKey = ({ publicKeyFile }: Keys): string =>
  /-----BEGIN[\s\S]+?-----END[^\n]*\n/.exec(readFileSync(publicKeyFile, 'utf8'))?.[0] ?? '';

export const bootstrapToken = ({ bootstrapTokenFile }: Keys): string => readFileSync(bootstrapTokenFile, 'utf8').trim();
