import { readFileSync } from 'node:fs';
import { type Authenticator, credsAuthenticator } from '@nats-io/transport-node';
import { errors } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';

/**
 * Signs in with what the file holds at that moment, so that a user can be replaced while its service runs.
 * A file that cannot be used just then must not throw: the client would give up for ever; what worked last is tried again.
 */
export function credsFile(file: string, log: Logger): Authenticator {
  let usable = firstRead(file);
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

/** Refuses a file that lets nobody in, for who else would only find out after the start. */
export const requireCreds = (file: string): void => void firstRead(file);

function firstRead(file: string): Authenticator {
  const refuse = (reason: string, cause: unknown) => {
    const way_out = 'set NATS_CREDS to the credentials file of this user';
    return errors.invalid_input({ NATS_CREDS: file, reason, way_out }, { cause });
  };
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw refuse('cannot be read', cause);
  }
  try {
    const authenticator = credsAuthenticator(bytes);
    // The client finds out only while it connects, and would take it for a server that does not answer.
    authenticator('probe');
    return authenticator;
  } catch (cause) {
    throw refuse('holds no NATS credentials: a user JWT and its seed, each between BEGIN and END lines', cause);
  }
}
