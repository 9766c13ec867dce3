import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entry = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * Reads a live cluster into a file that is gone afterwards, and hands it to another command. Only the agent may look into a
 * cluster and only reasoning may judge, so the two meet in a file.
 */
export async function withSnapshot(
  cluster: readonly string[],
  use: (bundle: string) => Promise<number>,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-snapshot-'));
  try {
    const bundle = join(folder, 'snapshot.json');
    const code = await runSource('collect-agent/src/snapshot-command.ts', ['--output', bundle, ...cluster]);
    return code === 0 ? await use(bundle) : code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a command of this checkout from its source and answers its exit code. */
export function runSource(path: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=source', entry(path), ...args], { stdio: 'inherit' });
    child.once('error', reject);
    // A child that was ended by a signal has no code of its own.
    child.once('close', (code) => resolve(code ?? 1));
  });
}
