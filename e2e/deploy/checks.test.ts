import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiClient } from '@aetherius/local';
import { expect, it } from '@jest/globals';
import { standardFaults } from './checks.ts';
import type { Stack } from './stack.ts';

it('does not take a demo that broke nothing for one that was repaired', async () => {
  const server = createServer((_, answer) => answer.end('{"items":[]}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const faults = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stack = { urls: { faults } } as unknown as Stack;
  const checks = await standardFaults(stack, { incidents: async () => [] } as unknown as ApiClient);
  server.close();
  expect(checks.flatMap(({ problems }) => problems)).toHaveLength(12);
});
