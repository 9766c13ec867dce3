import { spawn } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { root } from '../src/run.ts';
import { ownPorts, withHome } from '../src/test-fleet.ts';

type Finished = { code: number | null; stdout: string; stderr: string };

const start = (...args: string[]): Promise<Finished> => withHome((home) => startIn(home, args));

async function startIn(home: string, args: string[]): Promise<Finished> {
  const env = { ...(await ownPorts()), AETHERIUS_HOME: home };
  const child = spawn(
    'node',
    ['--conditions=source', '--disable-warning=ExperimentalWarning', 'local/src/main.ts', ...args],
    { cwd: root, env },
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
