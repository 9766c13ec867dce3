import { createServer } from 'node:net';
import { errors } from '@aetherius/shared/errors';

const HOST = '127.0.0.1';

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });

type Wanted = { port: number; purpose: string; variable: string };

/** Makes sure that all ports that were asked for can be had; the error names every other one and the variables that move them. */
export async function requireFreePorts(wanted: readonly Wanted[]): Promise<void> {
  const taken: Wanted[] = [];
  for (const [index, one] of wanted.entries()) {
    const isDouble = wanted.slice(0, index).some(({ port }) => port === one.port);
    if (isDouble || !(await isFree(one.port))) taken.push(one);
  }
  if (taken.length === 0) return;
  throw errors.conflict({
    reason: `these ports are taken or not allowed: ${taken.map(({ port, purpose }) => `${port} (${purpose})`).join(', ')}`,
    way_out: `stop what listens there, or choose other ports with ${taken.map(({ variable }) => variable).join(', ')}`,
  });
}
