import { spawn } from 'node:child_process';

export type CommandOptions = {
  cwd?: string;
  env?: Record<string, string>;
  user?: { uid: number; gid: number } | undefined;
  signal?: AbortSignal | undefined;
  withinMs?: number;
};

/** Runs a program to its end and gives its output; an unsuccessful one is an error with its last words. */
export function runCommand(command: string, args: string[], options: CommandOptions = {}): Promise<string> {
  const { cwd = '/', env = {}, user, signal, withinMs = 600_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: withinMs,
      ...(signal === undefined ? {} : { signal }),
      ...user,
    });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      complaint = `${complaint}${chunk}`.slice(-4000);
    });
    child.once('error', reject);
    child.once('close', (code, killed) => {
      if (code === 0) resolve(output);
      else
        reject(
          new Error(`${command} ${args[0] ?? ''} ended with ${killed ?? code}: ${lastWords(complaint || output)}`),
        );
    });
  });
}

const lastWords = (text: string): string => text.trim().split('\n').slice(-3).join(' | ');
