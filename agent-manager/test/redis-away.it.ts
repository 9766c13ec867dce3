import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { agentSubject } from '@aetherius/shared/contracts';
import { openNats } from '@aetherius/shared/nats';
import { freePort } from '@aetherius/shared/service';
import { eventually, needs, silentLogger } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { managerProcess } from './manager-process.ts';

/** The way to the real Redis. Held, it is like a Redis that hangs: connections open and stay, and nothing comes of them. */
async function wayToRedis() {
  const target = new URL(process.env['AETHERIUS_TEST_REDIS_URL'] ?? '');
  const sockets = new Set<Socket>();
  let isHeld = false;
  const server = createServer((near) => {
    const far = connect({ host: target.hostname, port: Number(target.port) });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => to.write(data));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (isHeld) from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    hold: () => {
      isHeld = true;
      for (const socket of sockets) socket.pause();
    },
    release: () => {
      isHeld = false;
      for (const socket of sockets) socket.resume();
    },
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

needs(
  'postgres',
  'nats',
  'redis',
)('a manager whose Redis', () => {
  let manager: Awaited<ReturnType<typeof managerProcess>>;
  beforeAll(async () => {
    manager = await managerProcess();
  });
  afterAll(() => manager.stop());

  const get = (path: string, token = '') =>
    fetch(`${manager.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const health = async () => {
    const answer = await get('/health/ready');
    const { status, parts } = (await answer.json()) as { status: string; parts: Record<string, string> };
    return { code: answer.status, status, liveness: parts['liveness'] };
  };
  const well = { code: 200, status: 'ok', liveness: 'ok' };
  const without = { code: 200, status: 'degraded', liveness: 'does not answer' };
  const becomes = (wanted: object) =>
    eventually(async () => expect(await health()).toEqual(wanted), { within: 30_000 });
  const worksWithout = async () => {
    const { access_token } = await manager.signIn();
    for (const path of ['clusters', 'agents'])
      expect(await (await get(`/api/v1/${path}`, access_token)).json()).toMatchObject({ items: [] });
    const figures = await (await get('/metrics')).text();
    expect(figures).toContain('aetherius_part_ready{part="liveness",service="agent-manager"} 0');
    expect(figures).toContain('aetherius_part_ready{part="postgres",service="agent-manager"} 1');
    // Nobody can tell, which is no zero.
    expect(figures).not.toMatch(/^aetherius_(?:redis_memory_bytes|manager_agent_spooled_messages)\{/m);
  };

  /** Heartbeats, of which the last is not believed: when that is told, all are heard. */
  const signsOfLife = async (output: () => string) => {
    const agent = await openNats({ url: manager.busUrl, name: 'agent' }, silentLogger());
    const said = {
      agent_id: 'a',
      at: '2020-01-01T00:00:00Z',
      status: 'healthy',
      queues: {},
      watches: {},
      leader: true,
    };
    for (const cluster_id of ['eu-1', 'eu-1', 'another'])
      agent.emit(agentSubject('eu-1', 'heartbeat'), { ...said, cluster_id, uptime_seconds: 1, problems: [] });
    await eventually(async () => expect(output()).toContain('a heartbeat was not believed'));
    await agent.stop();
  };

  it('hangs goes on from the database, says so, and comes back to it', async () => {
    const way = await wayToRedis();
    const { child, over } = manager.start({ REDIS_URL: way.url });
    try {
      await becomes(well);
      way.hold();
      await becomes(without);
      await worksWithout();
      way.release();
      await becomes(well);
    } finally {
      child.kill('SIGTERM');
      way.stop();
      expect(await over).toBe(0);
    }
  }, 120_000);

  it('is away at its start stays in service', async () => {
    const { child, over, output } = manager.start({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    try {
      await becomes(without);
      await worksWithout();
      await signsOfLife(output);
      // It is tried again several times a second.
      expect(output().match(/redis does not answer/g)).toHaveLength(1);
      expect(output()).toMatch(/redis does not answer/);
      expect(output()).toMatch(/way_out: start Redis, or correct REDIS_URL/);
      expect(output()).not.toContain('"stack"');
    } finally {
      child.kill('SIGTERM');
      expect(await over).toBe(0);
    }
  }, 120_000);
});
