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
  if (!existsSync(keys.privateKeyFile) || !existsSync(keys.publicKeyFile)) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    writeFileSync(keys.privateKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    writeFileSync(keys.publicKeyFile, publicKey.export({ type: 'spki', format: 'pem' }), { mode: 0o644 });
  }
  if (!existsSync(keys.bootstrapTokenFile)) {
    writeFileSync(keys.bootstrapTokenFile, `aeth_${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  }
  return keys;
}

export const bootstrapToken = ({ bootstrapTokenFile }: Keys): string => readFileSync(bootstrapTokenFile, 'utf8').trim();
