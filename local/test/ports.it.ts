import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePort, requireFreePort } from '../src/backing/ports.ts';

describe('requireFreePort', () => {
  it('gives a free port back', async () => {
    const port = await freePort();
    expect(await requireFreePort({ port, purpose: 'agent-manager', variable: 'AGENT_MANAGER_PORT' })).toBe(port);
  });

  it('names a taken port, what it was for and the way out', async () => {
    const holder = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
    const asking = requireFreePort({ port, purpose: 'agent-manager', variable: 'AGENT_MANAGER_PORT' });
    await expect(asking).rejects.toThrow(new RegExp(`${port}.*agent-manager.*AGENT_MANAGER_PORT`));
    await new Promise((resolve) => holder.close(resolve));
  });
});
