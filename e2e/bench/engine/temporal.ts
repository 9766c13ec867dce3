import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { homeFolder, runCommand } from '@aetherius/local';
import { freePort, sleep } from '@aetherius/shared/service';

const CLI = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const SDK = { worker: '1.24.0', client: '1.24.0', workflow: '1.24.0' };
const INSTALL_MS = 30 * 60_000;
const RUN_MS = 10 * 60_000;

export type Peer = { temporal_steps_per_s: number } | { temporal_missing: string };

/** The same runs on a Temporal dev server; where it cannot be had, why. */
export async function measureTemporal(runs: number): Promise<Peer> {
  const folder = join(homeFolder(process.env), 'cache', 'peers', 'temporal');
  try {
    await install(folder);
    return { temporal_steps_per_s: await stepsPerSecond(folder, runs) };
  } catch (error) {
    return { temporal_missing: (error instanceof Error ? error.message : String(error)).slice(0, 300) };
  }
}

/** The server by the Go proxy and the SDK by npm, once. */
async function install(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'temporal')))
    await runCommand('go', ['install', CLI], { env: { GOBIN: folder, GOFLAGS: '-trimpath' }, withinMs: INSTALL_MS });
  if (existsSync(join(folder, 'node_modules'))) return;
  const dependencies = Object.fromEntries(
    Object.entries(SDK).map(([part, version]) => [`@temporalio/${part}`, version]),
  );
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await runCommand('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder], { withinMs: INSTALL_MS });
}

async function stepsPerSecond(folder: string, runs: number): Promise<number> {
  const port = await freePort();
  // In memory, as it comes: it need not sync anything, which is its advantage.
  const flags = ['--headless', '--port', String(port), '--log-level', 'error'];
  const server = spawn(join(folder, 'temporal'), ['server', 'start-dev', ...flags], { stdio: 'ignore' });
  try {
    await listening(port);
    for (const file of ['temporal-peer.mjs', 'temporal-workflows.mjs'])
      copyFileSync(fileURLToPath(new URL(file, import.meta.url)), join(folder, file));
    const words = [join(folder, 'temporal-peer.mjs'), `127.0.0.1:${port}`, String(runs)];
    const output = await runCommand(process.execPath, words, { withinMs: RUN_MS });
    return (JSON.parse(output.trim().split('\n').at(-1) ?? '') as { steps_per_s: number }).steps_per_s;
  } finally {
    server.kill('SIGKILL');
  }
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1, await sleep(100)) if (await answers(port)) return;
  throw new Error('the Temporal dev server did not come up within 30 s');
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
  });
