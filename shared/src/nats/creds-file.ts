import { readFileSync } from 'node:fs';
import { type Authenticator, credsAuthenticator } from '@nats-io/transport-node';
import { errors } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';

/**
 * Signs in with what the file holds at that moment, so that a user can be replaced while its service runs.
 * A file that cannot be used just then must not throw: the client would give up for ever; what worked last is tried again.
 */
export function credsFile(file: string, log: Logger): Authenticator {
  let usable = credsAuthenticator(firstRead(file));
  return (nonce) => {
    try {
      const fresh = credsAuthenticator(readFileSync(file));
      const auth = fresh(nonce);
      usable = fresh;
      return auth;
    } catch (err) {
      log.error({ err, file }, 'the credentials file cannot be used; signing in with what it held before');
      return usable(nonce);
    }
  };
}

function firstRead(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const way_out = 'set NATS_CREDS to the credentials file of this user';
    throw errors.invalid_input({ NATS_CREDS: file, reason: 'cannot be read', way_out }, { cause });
  }
}
