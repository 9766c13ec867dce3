import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { splitFlags } from './diagnose-flags.ts';

const entry = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const snapshot = entry('collect-agent/src/snapshot-command.ts');
const diagnose = entry('reasoning-service/src/diagnose-command.ts');

/** Only the agent may look into a cluster and only reasoning may judge, so the two meet in a file. */
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const flags = splitFlags(args);
  if ('problem' in flags) {
    console.error(`${flags.problem} (--help tells more)`);
    return 2;
  }
  if (flags.cluster === undefined) return run(diagnose, flags.answer);
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-diagnose-'));
  try {
    const bundle = join(folder, 'snapshot.json');
    const code = await run(snapshot, ['--output', bundle, ...flags.cluster]);
    return code === 0 ? await run(diagnose, ['--bundle', bundle, ...flags.answer]) : code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(file: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=source', file, ...args], { stdio: 'inherit' });
    child.once('error', reject);
    // A child that was ended by a signal has no code of its own.
    child.once('close', (code) => resolve(code ?? 1));
  });
}
