import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Home, serviceEnvironment, startProgram } from '@aetherius/local';
import { root, run } from '../../src/run.ts';
import { imageProgram } from './image-program.ts';

const READY_WITHIN_MS = 120_000;

/** Builds the agent and starts it as its image does: from sources it would take 30 MiB more, which nobody has who installs it. */
export async function startAsImage({ home, env }: { home: Home; env: Record<string, string> & { PORT: string } }) {
  const built = await run('tsc', ['-b', 'collect-agent']);
  if (built.code !== 0) throw new Error('the agent cannot be built');
  const image = imageProgram(readFileSync(join(root, 'deployments/docker/Dockerfile'), 'utf8'), 'collect-agent');
  return startProgram(
    {
      name: 'collect-agent',
      command: process.execPath,
      args: image.args,
      env: serviceEnvironment(process.env, { ...image.env, ...env }),
      cwd: root,
      logFile: join(home.logs, 'collect-agent.log'),
      runFolder: home.run,
    },
    async () => (await fetch(`http://127.0.0.1:${env.PORT}/health/ready`)).ok,
    READY_WITHIN_MS,
  );
}
