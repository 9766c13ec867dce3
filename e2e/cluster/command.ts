import { execFile } from 'node:child_process';
import { errors } from '@aetherius/shared/errors';

type Options = {
  input?: string;
  cwd?: string;
  env?: Record<string, string>;
  /** Hands back the error output behind the rest, for a program that tells there what is wanted of it. */
  withErrors?: boolean;
};

/** Runs a program to its end and hands back what it wrote; a failure carries the end of its error output. */
export function runCommand(program: string, args: readonly string[], options: Options = {}): Promise<string> {
  const { input = '', cwd, env = {}, withErrors = false } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { cwd: cwd ?? '/', env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) return resolve(withErrors ? stdout + stderr : stdout);
        const reason = stderr.trim().split('\n').slice(-5).join(' | ') || error.message;
        return reject(
          errors.unavailable({ part: [program, ...args].join(' ').slice(0, 200), reason }, { cause: error }),
        );
      },
    );
    // A program that ends without reading closes its pipe; its exit code is what counts.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Whether a program runs and ends well. */
export const succeeds = (program: string, args: readonly string[]): Promise<boolean> =>
  runCommand(program, args).then(
    () => true,
    () => false,
  );
