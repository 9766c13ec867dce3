import { AetheriusError, certificateProblem, errors } from '../errors/index.ts';
import { readAddress } from './database-address.ts';

type Why = { reason: string; way_out: string; lasting: boolean };
type Kind = { is: (error: Failure) => boolean; way_out: string; reason?: string };
type Failure = { code: string; message: string; syscall: string };

/** What waiting does not mend. */
const refusals: Kind[] = [
  {
    is: ({ message }) => /client password must be a/.test(message),
    reason: 'the server asks for a password, and there is none',
    way_out:
      'give DATABASE_URL a password, behind the user and a colon, or name a file with it in DATABASE_PASSWORD_FILE',
  },
  {
    is: ({ code }) => /^(28|3D)/.test(code),
    way_out: 'correct user, password and database in DATABASE_URL, or the password in DATABASE_PASSWORD_FILE',
  },
  {
    is: ({ message }) => /does not support SSL/.test(message),
    way_out: 'switch TLS on at the server, or leave sslmode out of DATABASE_URL where the way there is safe without',
  },
  {
    // Only a folder fails to be read once it is open; a connection that a starting server cuts is "read ECONNRESET".
    is: ({ syscall, code }) => syscall === 'open' || (syscall === 'read' && code === 'EISDIR'),
    way_out: 'set sslrootcert, sslcert and sslkey in DATABASE_URL to files that this process can read',
  },
];

/** Away, or nothing of ours: that can pass. */
const silences: Kind[] = [
  {
    is: ({ code }) => code === '53300',
    way_out:
      'raise max_connections of the server, or the connection limit of this user and database, or run fewer replicas',
  },
  {
    is: ({ message }) => /connection timeout|timeout exceeded/.test(message),
    reason: 'nobody spoke Postgres at this address in time',
    way_out:
      'set DATABASE_URL to the host and port of a Postgres, start it, and let nothing between swallow the connection',
  },
];

/** Why there is no session, what helps, and whether that can pass by waiting. */
export function whyUnreachable(cause: unknown): Why {
  const certificate = certificateProblem(cause, { variable: 'DATABASE_URL' });
  if (certificate !== undefined) return { ...certificate, lasting: true };
  const { code = '', message = '', syscall = '' } = (cause ?? {}) as Partial<Failure>;
  const failure = { code: String(code), message, syscall };
  // Several addresses that all refuse are one error without words.
  const said = message || failure.code;
  const refusal = refusals.find(({ is }) => is(failure));
  const { reason = said, way_out } = refusal ??
    silences.find(({ is }) => is(failure)) ?? { way_out: 'start the database, or set DATABASE_URL to where it is' };
  return { reason, way_out, lasting: refusal !== undefined };
}

export const isLasting = (error: unknown): boolean => error instanceof AetheriusError || whyUnreachable(error).lasting;

/** The error of a start without a database: where it should be, never with a password. */
export function unreachable(url: string, cause: unknown): AetheriusError {
  const { host, pathname } = readAddress(url) ?? { host: 'an address that cannot be read', pathname: '' };
  const { lasting: _, ...why } = whyUnreachable(cause);
  return errors.unavailable({ part: 'postgres', at: host + pathname, ...why }, { cause });
}
