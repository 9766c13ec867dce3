import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { errors } from '@aetherius/shared/errors';

/** The installation's key pair: the private half signs access tokens, the public one is derived, so the two always fit. */
export async function readSigningKey(file: string): Promise<{ privateKey: string; publicKey: string }> {
  const refuse = (reason: string, cause: unknown) => {
    const way_out = 'make one with openssl genpkey -algorithm ed25519 -out FILE, readable for this process';
    return errors.invalid_input({ AUTH_PRIVATE_KEY_FILE: file, reason, way_out }, { cause });
  };
  const privateKey = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw refuse('cannot be read', cause);
  });
  try {
    const key = createPrivateKey(privateKey);
    if (key.asymmetricKeyType !== 'ed25519') throw new TypeError(`the key is of type ${key.asymmetricKeyType}`);
    return { privateKey, publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString() };
  } catch (cause) {
    throw refuse('must hold an Ed25519 key in PEM (PKCS8)', cause);
  }
}
