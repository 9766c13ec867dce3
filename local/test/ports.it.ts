import { createServer } from 'node:net';
import { freePort, freePorts } from '@aetherius/shared/service';
import { describe, expect, it } from '@jest/globals';
import { requireFreePorts } from '../src/backing/ports.ts';

const wanted = (port: number, name: string) => ({ port, purpose: name.toLowerCase(), variable: `${name}_PORT` });

describe('requireFreePorts', () => {
  it('is content with free ones', async () => {
    const [one = 0, two = 0] = await freePorts(2);
    await expect(requireFreePorts([wanted(one, 'A'), wanted(two, 'B')])).resolves.toBeUndefined();
  });

  it('names all that are taken, what they were for and the ways out', async () => {
    const holders = [createServer(), createServer()];
    const ports = [await freePort(), await freePort()] as const;
    for (const [index, holder] of holders.entries())
      await new Promise<void>((resolve) => holder.listen(ports[index], '127.0.0.1', resolve));
    const asking = requireFreePorts([
      wanted(ports[0], 'MANAGER'),
      wanted(await freePort(), 'FREE'),
      wanted(ports[1], 'AGENT'),
    ]);
    await expect(asking).rejects.toThrow(
      new RegExp(`${ports[0]} \\(manager\\), ${ports[1]} \\(agent\\).*MANAGER_PORT, AGENT_PORT`),
    );
    for (const holder of holders) await new Promise((resolve) => holder.close(resolve));
  });

  it('refuses one port for two parts', async () => {
    const port = await freePort();
    await expect(requireFreePorts([wanted(port, 'A'), wanted(port, 'B')])).rejects.toThrow(`${port} (b)`);
  });
});
