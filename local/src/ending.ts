import type { EventEmitter } from 'node:events';

type Sources = { process: EventEmitter; stdout: EventEmitter; stderr: EventEmitter };

/** When this run has to end: `failure` says what went wrong, and is absent where a person asked for the end. */
export type Ending = { signal: AbortSignal; failure(): string | undefined; fail(reason: string): void };

/** SIGHUP is a terminal that was closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Everything that would otherwise end this process at once, and leave what it started running, asks for an orderly end. */
export function watchForEnd({ process, stdout, stderr }: Sources): Ending {
  const abort = new AbortController();
  let failure: string | undefined;
  const fail = (reason: string) => {
    if (!abort.signal.aborted) failure = reason;
    abort.abort();
  };
  for (const signal of signals) process.on(signal, () => abort.abort());
  // Nobody reads any more: EPIPE of a pipe, EIO of a terminal that is gone.
  for (const stream of [stdout, stderr]) stream.on('error', (error: Error) => fail(`output: ${error.message}`));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) =>
      fail(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
  return { signal: abort.signal, failure: () => failure, fail };
}
