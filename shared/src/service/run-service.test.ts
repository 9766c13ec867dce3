import { spawn } from 'node:child_process';
import { expect, it } from '@jest/globals';

const module = new URL('./run-service.ts', import.meta.url).href;

/** A service whose start waits like this, told to stop while it does. */
function stoppedWhile(waits: string): Promise<{ code: number | null; said: string }> {
  const text = `import { runService } from '${module}';
    await runService('waiting', async ({ own, signal, log }) => {
      // Longer than the start takes to notice, as a part that drains.
      own('held', { stop: () => new Promise((resolve) => setTimeout(resolve, 200)) });
      const hold = setInterval(() => {}, 1_000);
      const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
      log.info('waits');
      ${waits}
    });`;
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', text];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
      if (said.includes('"waits"')) child.kill('SIGTERM');
    });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

it.each([
  [`await stopped; throw new Error('the connection is draining');`],
  [`await stopped; own('more', { stop: () => log.info('ended more') }); log.info('went on');`],
])('is no failure when it is told to stop while it starts: %s', async (waits) => {
  const { code, said } = await stoppedWhile(waits);
  expect(said).toContain('told to stop before it had started');
  expect(said).not.toMatch(/fatal|"stack"|went on/);
  expect(code).toBe(0);
});

it('is a failure when its start fails by itself', async () => {
  const { code, said } = await stoppedWhile(`throw new Error('the start failed');`);
  expect(said).toContain('"fatal"');
  expect(said).toContain('the start failed');
  expect(code).toBe(1);
});
