import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { errors } from '@aetherius/shared/errors';

type StopSignal = 'SIGTERM' | 'SIGINT';

/** A program of ours that runs; `exited` resolves when it ends, asked or not. */
export type Managed = { name: string; pid: number; exited: Promise<void>; stop(): Promise<void> };

/** One that can be brought back as it was, on the same port, after it ended. */
export type Startable = Managed & { again(): Promise<Startable> };

export type Program = {
  name: string;
  command: string;
  args: string[];
  /** All of its environment; without it the program gets ours. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  user?: { uid: number; gid: number } | undefined;
  logFile: string;
  runFolder: string;
  stopSignal?: StopSignal;
};

type PidFile = { pid: number; identity: string; stop_signal: StopSignal };

/** The slowest of them, Neo4j, needs up to eleven seconds. */
const STOP_WITHIN_MS = 15_000;

/** What tells this process from a later one with the same number: when it began. Undefined when no such process runs. */
export function processIdentity(pid: number): string | undefined {
  try {
    return process.platform === 'linux'
      ? linuxStart(readFileSync(`/proc/${pid}/stat`, 'utf8'))
      : execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The name field may hold blanks and brackets, so fields are counted after its last bracket. */
function linuxStart(stat: string): string | undefined {
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return state === 'Z' ? undefined : `${boot} ${rest[18]}`;
}

/** Starts a program and waits until it is ready; one that ends or stays silent is an error with the end of its log. */
export async function startProgram(
  program: Program,
  ready: () => Promise<boolean>,
  withinMs = 20_000,
): Promise<Startable> {
  const managed = spawnProgram(program);
  let ended = false;
  void managed.exited.then(() => {
    ended = true;
  });
  const deadline = performance.now() + withinMs;
  while (!(await ready().catch(() => false))) {
    if (ended || performance.now() > deadline) {
      const what = ended ? 'it ended' : `not ready within ${withinMs / 1000} s`;
      await managed.stop();
      const reason = `${what}: ${lastLines(program.logFile)}`;
      throw errors.unavailable({ part: program.name, reason });
    }
    await wait(20);
  }
  return { ...managed, again: () => startProgram(program, ready, withinMs) };
}

function spawnProgram({ name, command, args, env, cwd, user, logFile, runFolder, stopSignal }: Program): Managed {
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(command, args, {
    cwd: cwd ?? '/',
    env: env ?? process.env,
    stdio: ['ignore', log, log],
    // A process group of its own: Ctrl-C reaches the launcher alone, which then stops everything in order.
    detached: true,
    ...user,
  });
  closeSync(log);
  const exited = endOf(child);
  const { pid } = child;
  if (pid === undefined) return { name, pid: 0, exited, stop: () => exited };
  const signal = stopSignal ?? 'SIGTERM';
  const pidFile = join(runFolder, `${name}.pid`);
  writePidFile(pidFile, { pid, identity: processIdentity(pid) ?? '', stop_signal: signal });
  void exited.then(() => rmSync(pidFile, { force: true }));
  return { name, pid, exited, stop: () => stopChild(child, exited, signal) };
}

const endOf = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });

async function stopChild(child: ChildProcess, exited: Promise<void>, signal: StopSignal): Promise<void> {
  child.kill(signal);
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await exited;
  clearTimeout(killer);
}

const writePidFile = (file: string, content: PidFile): void =>
  writeFileSync(file, `${JSON.stringify(content)}\n`, { mode: 0o600 });

function readPidFile(file: string): PidFile | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PidFile;
  } catch {
    return undefined;
  }
}

const stillRuns = ({ pid, identity }: PidFile): boolean => identity !== '' && processIdentity(pid) === identity;

/** Stops what a killed launcher left running; only the very processes that were started then, never a reused number. */
export async function reapLeftovers(runFolder: string): Promise<string[]> {
  const files = readdirSync(runFolder).filter((file) => file.endsWith('.pid'));
  const reaped = await Promise.all(files.map((file) => reap(join(runFolder, file))));
  return reaped.filter((name) => name !== undefined);
}

/** The same for a place that another start used, unless that one lives. */
export async function reapAbandoned(runFolder: string): Promise<string[]> {
  if (!existsSync(runFolder) || homeHolder(runFolder) !== undefined) return [];
  // Held meanwhile, so that a start in that place does not lose what it has just brought up.
  const lock = lockHome(runFolder);
  try {
    return await reapLeftovers(runFolder);
  } finally {
    lock.release();
  }
}

async function reap(file: string): Promise<string | undefined> {
  const left = readPidFile(file);
  const running = left !== undefined && stillRuns(left);
  if (running) {
    process.kill(left.pid, left.stop_signal);
    const deadline = performance.now() + STOP_WITHIN_MS;
    while (stillRuns(left) && performance.now() < deadline) await wait(20);
    if (stillRuns(left)) process.kill(left.pid, 'SIGKILL');
  }
  rmSync(file, { force: true });
  return running ? basename(file, '.pid') : undefined;
}

type Held = { data: string; run: string };

/** Removes what these places hold, after ending what was left running in them; refused for all while somebody uses one. */
export async function clearHomes(homes: readonly Held[]): Promise<{ removed: string[]; reaped: string[] }> {
  // All of them first: a refusal must not come after half of the work.
  for (const home of homes) refuseWhileHeld(home);
  const present = homes.filter(({ data }) => existsSync(data));
  const reaped: string[] = [];
  for (const { data, run } of present) {
    if (existsSync(run)) reaped.push(...(await reapLeftovers(run)));
    rmSync(data, { recursive: true, force: true });
  }
  return { removed: present.map(({ data }) => data), reaped };
}

const wayOut = 'stop it (Ctrl-C in its terminal), or choose another folder with AETHERIUS_HOME';

function refuseWhileHeld({ data, run }: Held): void {
  const holder = homeHolder(run);
  if (holder !== undefined)
    throw errors.conflict({
      reason: `Aetherius runs already, and uses ${data} (pid ${holder}), so nothing was removed`,
      way_out: wayOut,
    });
}

/** Marks the home as in use by this process; a second start is refused with the number of the first. */
export function lockHome(runFolder: string, pid = process.pid): { release(): void } {
  const file = join(runFolder, 'launcher.lock');
  const content: PidFile = { pid, identity: processIdentity(pid) ?? '', stop_signal: 'SIGTERM' };
  // Exclusive, so of two starts at the same instant one finds the other's file.
  const write = () => writeFileSync(file, `${JSON.stringify(content)}\n`, { mode: 0o600, flag: 'wx' });
  try {
    write();
  } catch {
    const holder = homeHolder(runFolder);
    if (holder !== undefined)
      throw errors.conflict({
        reason: `Aetherius runs already, and uses ${dirname(runFolder)} (pid ${holder})`,
        way_out: wayOut,
      });
    rmSync(file, { force: true });
    write();
  }
  return { release: () => rmSync(file, { force: true }) };
}

/** The process that uses this home now, if any. */
export function homeHolder(runFolder: string): number | undefined {
  const holder = readPidFile(join(runFolder, 'launcher.lock'));
  return holder !== undefined && stillRuns(holder) ? holder.pid : undefined;
}

function lastLines(file: string, count = 5): string {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').slice(-count).join(' | ') || `no output (${file})`;
  } catch {
    return `no output (${file})`;
  }
}
