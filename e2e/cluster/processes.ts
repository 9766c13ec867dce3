import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { errors } from '@aetherius/shared/errors';

/** A program that goes on when the command that started it ends. */
export type Program = {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  logFile: string;
  /** Where its pid file is, by which another command finds it again. */
  runFolder: string;
};

const STOP_WITHIN_MS = 10_000;

/** Starts a program and waits until it is ready; one that ends before, or stays silent, is an error with the end of its log. */
export async function startProgram(program: Program, ready: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  const { name, command, args, env = {}, logFile, runFolder } = program;
  const log = openSync(logFile, 'a', 0o600);
  const options = { cwd: '/', env: { ...process.env, ...env }, detached: true };
  const child = spawn(command, args, { ...options, stdio: ['ignore', log, log] });
  child.on('error', (error) => writeFileSync(logFile, `${error.message}\n`, { flag: 'a' }));
  child.unref();
  closeSync(log);
  const pidFile = join(runFolder, `${name}.pid`);
  if (child.pid !== undefined) writePid(pidFile, child.pid);
  const deadline = performance.now() + withinMs;
  while (!(await ready().catch(() => false))) {
    const ended = runningIn(pidFile) === undefined;
    if (ended || performance.now() > deadline) {
      const why = ended ? 'it ended' : `not ready within ${withinMs / 1000} s`;
      throw errors.unavailable({ part: name, reason: `${why}: ${lastLines(logFile)}` });
    }
    await wait(50);
  }
}

/** Stops the programs that have a pid file in a folder, and nothing that merely got the number of one of them. */
export async function stopPrograms(runFolder: string): Promise<void> {
  await Promise.all(readdirSync(runFolder).map((file) => stopProgram(join(runFolder, file))));
}

async function stopProgram(file: string): Promise<void> {
  const pid = runningIn(file);
  if (pid !== undefined) process.kill(pid, 'SIGTERM');
  const deadline = performance.now() + STOP_WITHIN_MS;
  while (runningIn(file) !== undefined && performance.now() < deadline) await wait(50);
  if (pid !== undefined && runningIn(file) !== undefined) process.kill(pid, 'SIGKILL');
  rmSync(file);
}

/** Notes a process in such a way that it can be told from a later one with the same number. */
export const writePid = (file: string, pid: number): void => writeFileSync(file, `${pid} ${identityOf(pid) ?? 'gone'}`);

/** The process that a file notes, if that very one still runs. */
export function runningIn(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const [pid = '', ...identity] = readFileSync(file, 'utf8').split(' ');
  return identityOf(Number(pid)) === identity.join(' ') ? Number(pid) : undefined;
}

/** What tells a process from a later one with the same number: this boot, and when in it the process began. */
export function identityOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold blanks and brackets, so fields are counted after its last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // A process that has ended stays listed until its parent asks for the exit code.
    return fields[0] === 'Z' ? undefined : `${boot} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

const lastLines = (file: string): string => readFileSync(file, 'utf8').trim().split('\n').slice(-5).join(' | ');
