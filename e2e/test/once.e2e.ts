import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portVariables, serviceNames } from '@aetherius/local';
import { freePort } from '@aetherius/shared/testing';
import { afterAll, expect, it } from '@jest/globals';
import { root } from '../src/run.ts';

const home = mkdtempSync(join(tmpdir(), 'aetherius-home-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

type Finished = { code: number | null; stdout: string; stderr: string };

async function start(...args: string[]): Promise<Finished> {
  const ports = Object.fromEntries(
    await Promise.all(serviceNames.map(async (name) => [portVariables[name], String(await freePort())])),
  );
  const child = spawn(
    'node',
    ['--conditions=source', '--disable-warning=ExperimentalWarning', 'local/src/main.ts', ...args],
    {
      cwd: root,
      env: { ...process.env, ...ports, AETHERIUS_HOME: home },
    },
  );
  const finished: Finished = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (finished.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (finished.stderr += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...finished, code })));
}

it('finds, explains, repairs and proves every standard fault, and raises no false alarm', async () => {
  const { code, stdout, stderr } = await start('--once', '--json');
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as { seconds_to_first_verified?: number };
  console.log(JSON.stringify(last));
  expect({ last, stderr: code === 0 ? '' : stderr.slice(-6000) }).toMatchObject({
    last: {
      faults: 12,
      detected: 12,
      explained: 12,
      repaired: 4,
      verified: 4,
      contained: 2,
      escalated: 8,
      wrong: 0,
      problems: [],
    },
    stderr: '',
  });
  expect(last.seconds_to_first_verified).toBeLessThanOrEqual(120);
  expect(code).toBe(0);
}, 420_000);

it('says what is wrong with a flag and starts nothing', async () => {
  const { code, stderr } = await start('--onec');
  expect(code).toBe(2);
  expect(stderr).toContain('--onec');
});
