import { readFileSync } from 'node:fs';
import { type Authenticator, credsAuthenticator } from '@nats-io/transport-node';
import type { Logger } from '../log/index.ts';

/**
 * Signs in with what the file holds at that moment, so that a user can be replaced while its service runs.
 * A file that cannot be used just then must not throw: the client would give up for ever; what worked last is tried again.
 */
export function credsFile(file: string, log: Logger): Authenticator {
  let usable = credsAuthenticator(readFileSync(file));
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
