import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { lookRound } from '../src/backing/machine.ts';
import { type Redis, startRedis } from '../src/backing/redis.ts';
import { planRoutes } from '../src/backing/routes.ts';
import { firstThatWorks } from '../src/backing/tries.ts';
import { homeFolder, openHome } from '../src/home.ts';

let folder: string;
let redis: Redis | undefined;

// A server of its own, because it is filled to the brim.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aetherius-redis-'));
  const { cache } = openHome(homeFolder(process.env));
  const facts = lookRound(process.env, cache);
  const { value } = await firstThatWorks({
    part: 'redis',
    routes: planRoutes('redis', { ...facts, env: {} }),
    report: () => {},
    attempt: (route) => startRedis({ route, home: openHome(folder), cache, folder: join(folder, 'redis') }),
  });
  redis = value;
}, 60_000);

afterAll(async () => {
  await redis?.process?.stop();
  rmSync(folder, { recursive: true });
});

/** Sends commands of one line each, and gives all that was answered. */
function say(commands: readonly string[]): Promise<string> {
  const { port, password } = new URL(redis?.url ?? '');
  const socket = connect({ host: '127.0.0.1', port: Number(port) });
  return new Promise((resolve, reject) => {
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString('utf8');
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(heard));
    socket.end([`AUTH ${password}`, ...commands, 'QUIT', ''].join('\r\n'));
  });
}

needs('redis')('a full Redis', () => {
  it('has a limit, refuses no heartbeat, and forgets the agents that were silent longest', async () => {
    expect(await say(['INFO memory'])).toMatch(/^maxmemory:67108864\r$/m);
    const used = Number(/^used_memory:(\d+)/m.exec(await say(['INFO memory']))?.[1]);
    const sighting = 'x'.repeat(300);
    const seen = (agent: number) => `SET agent:${agent} ${sighting} EX ${80_000 + agent}`;
    await say([`CONFIG SET maxmemory ${used + 1_000_000}`, 'SET of-somebody-else kept']);
    const answered = await say(Array.from({ length: 6_000 }, (_, agent) => seen(agent)));
    expect(answered).not.toContain('OOM');
    const agents = (from: number) => Array.from({ length: 500 }, (_, agent) => `agent:${from + agent}`).join(' ');
    const left = await say([`EXISTS ${agents(0)}`, `EXISTS ${agents(5_500)}`, 'GET of-somebody-else']);
    const [, longest, latest, kept] = /^\+OK\r\n:(\d+)\r\n:(\d+)\r\n\$4\r\n(\w+)\r\n/.exec(left) ?? [];
    // The server looks at a few keys at a time, so which of them goes is not exact.
    expect(Number(longest)).toBeLessThan(50);
    expect(Number(latest)).toBeGreaterThan(450);
    expect(kept).toBe('kept');
  });
});
