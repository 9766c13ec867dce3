import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { errors } from '@aetherius/shared/errors';
import { runCommand, succeeds } from '../cluster/command.ts';
import { composeFolder } from './compose-plugin.ts';

type Report = (line: string) => void;

/** A Docker engine; `env` is what the docker command needs to reach it, `own` says that it was started for this and will end. */
export type Engine = { env: Record<string, string>; own: boolean; stop(): Promise<void> };

const READY_WITHIN_MS = 60_000;
const packages = ['docker.io', 'iptables'];
/** Kept, because the images that it holds take minutes to make. */
const data = join(homedir(), '.cache', 'aetherius', 'docker');

/** Takes the engine that answers, else starts one of its own; why there is none is told as a sentence. */
export async function openEngine(report: Report): Promise<Engine | { missing: string }> {
  if (await answers({})) return { env: {}, own: false, stop: async () => undefined };
  const missing = await provideDaemon(report);
  if (missing !== undefined) return { missing };
  const daemon = await startDaemon();
  report('started a Docker engine for this command');
  return daemon;
}

/** An engine whose docker command knows compose. */
export async function findEngine(report: Report): Promise<Engine | { missing: string }> {
  const engine = await openEngine(report);
  if ('missing' in engine) return engine;
  const plugins = await composeFolder(report);
  if ('env' in plugins) return { ...engine, env: { ...engine.env, ...plugins.env } };
  await engine.stop();
  return plugins;
}

const answers = (env: Record<string, string>): Promise<boolean> =>
  runCommand('docker', ['version', '--format', '{{.Server.Version}}'], { env }).then(
    (version) => version.trim() !== '',
    () => false,
  );

/** Why no engine can be started here; undefined when one can. */
async function provideDaemon(report: Report): Promise<string | undefined> {
  if (process.platform !== 'linux') return `no Docker engine answers, and on ${process.platform} none can be started`;
  if (process.getuid?.() !== 0) return 'no Docker engine answers, and to start one needs root';
  if (await succeeds('which', ['dockerd'])) return undefined;
  if (!(await succeeds('which', ['apt-get'])))
    return `no Docker engine answers, and there is no apt-get to install ${packages.join(', ')} with`;
  report(`installing ${packages.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const installed = async () => {
    await runCommand('apt-get', ['update', '-qq'], { env });
    await runCommand('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
  };
  return installed().then(
    () => undefined,
    (error: unknown) => `${packages.join(', ')} cannot be installed: ${error instanceof Error ? error.message : error}`,
  );
}

/** An engine that was killed leaves its pid file behind, and the next one would not start over it. */
function clearPidFile(file: string): void {
  if (!existsSync(file)) return;
  const pid = readFileSync(file, 'utf8').trim();
  const program = existsSync(`/proc/${pid}/comm`) ? readFileSync(`/proc/${pid}/comm`, 'utf8').trim() : '';
  if (/^\d+$/.test(pid) && program === 'dockerd')
    throw errors.conflict({
      part: 'dockerd',
      pid,
      way_out: `an earlier run left it running; end it with: kill ${pid}`,
    });
  rmSync(file);
}

/** On a socket and in folders of its own, so that it meets no other engine. */
async function startDaemon(): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-docker-'));
  const file = join(folder, 'dockerd.log');
  const log = openSync(file, 'w');
  const host = `unix://${join(folder, 'docker.sock')}`;
  mkdirSync(data, { recursive: true });
  clearPidFile(join(data, 'pid'));
  // One at a time on the kept data: the pid file lies there.
  const places = ['--data-root', data, '--pidfile', join(data, 'pid'), '--exec-root', join(folder, 'exec')];
  const daemon = spawn('dockerd', ['--host', host, ...places], { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    daemon.once('exit', () => resolve());
    daemon.once('error', () => resolve());
  });
  const env = { DOCKER_HOST: host };
  const stop = async () => {
    daemon.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await answers(env))) {
    if (daemon.exitCode === null && performance.now() < deadline) await wait(200);
    else {
      const reason = existsSync(file) ? await runCommand('tail', ['-n', '3', file]) : 'dockerd cannot be run';
      await stop();
      throw errors.unavailable({ part: 'dockerd', reason });
    }
  }
  return { env, own: true, stop };
}
