import { errors } from '../errors/index.ts';

const codes = /^(?:08|57P0|53300|E(?:CONN|PIPE|HOSTUNREACH|TIMEDOUT|NETUNREACH|AI_AGAIN)|ENOTFOUND)/;
const words =
  /connection terminated|timeout exceeded when trying to connect|connection error and is not queryable|server closed the connection/i;

/** Whether an error says that the database is not there right now, and nothing about what was asked of it. */
export const isAway = (error: unknown): boolean =>
  error instanceof Error && (codes.test(String((error as { code?: unknown }).code ?? '')) || words.test(error.message));

/** Whether a session's prepared statements are of a schema that a migration has changed since: only another session can go on. */
export const isOutdated = (error: unknown): boolean =>
  error instanceof Error &&
  (/cached plan must not change result type/.test(error.message) ||
    (error.cause !== undefined && isOutdated(error.cause)));

/** Turns the absence of the database, or of a session that can go on, into an error that says so, and so is worth another try; all else is thrown on. */
export const unavailableWhenAway = <T>(work: Promise<T>): Promise<T> =>
  work.catch((cause: unknown) => {
    if (!isAway(cause) && !isOutdated(cause)) throw cause;
    throw errors.unavailable({ part: 'postgres', reason: cause instanceof Error ? cause.message : '' }, { cause });
  });
