import { AgentSettings, agentSubject, type Heartbeat, type Register } from '@aetherius/shared/contracts';
import { sql } from '@aetherius/shared/postgres';
import { eventually, fakeClock, needs, silentLogger } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createMemoryLivenessCache, type LivenessCache } from '../src/fleet/liveness-cache.ts';
import { createRedisLivenessCache } from '../src/fleet/redis-liveness-cache.ts';
import { rig as startRig } from './rig.ts';

const heartbeat = (changes: Partial<Heartbeat> = {}): Heartbeat => ({
  agent_id: 'eu-1-host',
  cluster_id: 'eu-1',
  at: '2020-01-01T00:00:00Z',
  status: 'healthy',
  queues: { spool: 0 },
  watches: { pods: { synced: true, age_seconds: 1 } },
  uptime_seconds: 10,
  leader: true,
  problems: [],
  ...changes,
});
const register = (changes: Partial<Register> = {}): Register => ({
  agent_id: 'eu-1-host',
  cluster_id: 'eu-1',
  display_name: 'Europe',
  version: '0.1.0',
  started_at: '2026-01-02T03:00:00.000Z',
  kubernetes_version: 'v1.35.4',
  capabilities: ['logs'],
  changes_allowed: false,
  ...changes,
});

needs('postgres', 'nats')('the fleet', () => {
  const clock = fakeClock(new Date().toISOString());
  let rig: Awaited<ReturnType<typeof startRig>>;
  let token: string;
  beforeAll(async () => {
    rig = await startRig({ clock });
    token = await rig.tokenFor('viewer');
  });
  afterAll(() => rig.stop());

  const get = (path: string) => rig.call('GET', `/api/v1/${path}`, { token });
  const watch = () => rig.manager.fleet.watch({ record: rig.manager.ingest.record, judging: true });
  const silences = async () => (await get('incidents?q=AgentSilent')).body['items'];

  it('answers a registration with settings and knows the agent from then on', async () => {
    const options = { schema: AgentSettings, timeoutMs: 5_000 };
    const settings = await rig.agent.request(agentSubject('eu-1', 'register'), register(), options);
    expect(settings).toEqual({ status: 'registered', heartbeat_interval: '10s' });
    expect((await get('agents/eu-1-host')).body).toMatchObject({ status: 'online', version: '0.1.0', heartbeat: null });
    expect((await get('clusters/eu-1')).body).toMatchObject({
      display_name: 'Europe',
      agent_status: 'online',
      agents: 1,
      open_incidents: 0,
    });
  });

  it('refuses an agent that speaks for another cluster, and says which field', async () => {
    const options = { schema: z.object({ error: z.string() }), timeoutMs: 5_000 };
    const refused = await rig.agent.request(
      agentSubject('eu-1', 'register'),
      register({ cluster_id: 'us-1' }),
      options,
    );
    expect(refused.error).toContain('cluster_id');
    const broken = await rig.agent.request(agentSubject('eu-1', 'register'), { agent_id: 'x' }, options);
    expect(broken.error).toContain('version');
    expect((await get('clusters/us-1')).status).toBe(404);
  });

  it('does not let an agent speak for one of the same name elsewhere, nor poison the round', async () => {
    const options = { schema: AgentSettings, timeoutMs: 5_000 };
    await rig.agent.request(
      agentSubject('us-2', 'register'),
      register({ cluster_id: 'us-2', version: '6.6.6' }),
      options,
    );
    expect((await get('agents?cluster_id=eu-1')).body['items']).toMatchObject([{ version: '0.1.0' }]);
    rig.agent.emit(agentSubject('us-2', 'heartbeat'), heartbeat({ cluster_id: 'eu-1', status: 'degraded' }));
    rig.agent.emit(agentSubject('us-2', 'heartbeat'), heartbeat({ cluster_id: 'us-2', agent_id: 'a\0b' }));
    rig.agent.emit(agentSubject('us-2', 'heartbeat'), heartbeat({ cluster_id: 'us-2', agent_id: 'last' }));
    await eventually(async () => {
      await watch();
      expect((await get('agents?cluster_id=us-2')).body['items']).toMatchObject([{ id: 'eu-1-host' }, { id: 'last' }]);
    });
    expect((await get('agents?cluster_id=eu-1')).body['items']).toMatchObject([{ status: 'online', heartbeat: null }]);
    const admin = await rig.tokenFor('admin');
    for (const id of ['last', 'eu-1-host']) await rig.call('DELETE', `/api/v1/agents/${id}`, { token: admin });
    await rig.manager.fleet.register(register());
  });

  it('shows what a heartbeat says, by our clock', async () => {
    rig.agent.emit(
      agentSubject('eu-1', 'heartbeat'),
      heartbeat({ status: 'degraded', problems: ['watch of pods is stale'] }),
    );
    await eventually(async () =>
      expect((await get('agents/eu-1-host')).body).toMatchObject({
        status: 'degraded',
        last_seen_at: clock.now().toISOString(),
        heartbeat: { problems: ['watch of pods is stale'] },
      }),
    );
  });

  it('makes an incident of a silent cluster, once, and ends it when the cluster is back', async () => {
    await watch();
    clock.advance(61_000);
    await watch();
    await watch();
    expect(await silences()).toMatchObject([
      { fingerprint: 'eu-1/_/Cluster/eu-1', state: 'open', hits: 1, subject: { kind: 'Cluster' } },
    ]);
    expect((await get('clusters/eu-1')).body).toMatchObject({ agent_status: 'offline', open_incidents: 1 });
    expect((await get('clusters')).body['items']).toHaveLength(2);
    expect((await get('agents?status=offline')).body['items']).toHaveLength(1);
    clock.advance(1_000);
    await rig.manager.fleet.beat(heartbeat());
    await watch();
    clock.advance(16_000);
    await rig.manager.incidents.settle();
    expect(await silences()).toMatchObject([{ state: 'resolved', outcome: 'cleared' }]);
  });

  it('does not miss an agent in whose place another came, nor one of a revoked cluster, and forgets them after a day', async () => {
    const named = (agent_id: string, cluster_id: string) => ({ agent_id, cluster_id });
    const start = (agent_id: string, cluster_id: string) =>
      rig.manager.fleet.register(register({ ...named(agent_id, cluster_id), started_at: clock.now().toISOString() }));
    const missed = async () =>
      (await rig.manager.fleet.expected()).filter(({ cluster_id }) => /-4$/.test(cluster_id)).map(({ id }) => id);
    await start('eu-4-first', 'eu-4');
    await start('us-4-first', 'us-4');
    clock.advance(61_000);
    expect(await missed()).toEqual(['eu-4-first', 'us-4-first']);
    await start('eu-4-second', 'eu-4');
    expect(await missed()).toEqual(['eu-4-second', 'us-4-first']);
    await rig.db.run(sql`update cluster set revoked_at = ${clock.now()} where id = 'us-4'`);
    expect(await missed()).toEqual(['eu-4-second']);
    await watch();
    expect((await get('agents?cluster_id=eu-4')).body['items']).toHaveLength(2);
    clock.advance(86_400_000);
    await rig.manager.fleet.beat(heartbeat(named('eu-4-second', 'eu-4')));
    await watch();
    expect((await get('agents?cluster_id=eu-4')).body['items']).toMatchObject([{ id: 'eu-4-second' }]);
    expect((await get('agents?cluster_id=us-4')).body['items']).toEqual([]);
  });

  it('keeps an agent that was never registered but beats', async () => {
    await rig.manager.fleet.beat(heartbeat({ agent_id: 'eu-2-host', cluster_id: 'eu-2' }));
    await watch();
    expect((await get('clusters/eu-2')).body).toMatchObject({ agent_status: 'online' });
  });

  it('forgets an agent only for an administrator', async () => {
    expect((await rig.call('DELETE', '/api/v1/agents/eu-2-host', { token })).status).toBe(403);
    const admin = await rig.tokenFor('admin');
    expect((await rig.call('DELETE', '/api/v1/agents/eu-2-host', { token: admin })).status).toBe(200);
    expect((await rig.call('DELETE', '/api/v1/agents/eu-2-host', { token: admin })).status).toBe(404);
  });
});

const behaves = (create: () => LivenessCache, isMeasured: boolean) => {
  it('gives back the last sighting of each agent', async () => {
    const cache = create();
    await eventually(async () => expect(await cache.state()).toBe('ok'));
    const id = `agent-${process.pid}`;
    await cache.seen({ at: '2026-01-02T03:04:05.000Z', heartbeat: heartbeat({ agent_id: id }) });
    const last = { at: '2026-01-02T03:04:15.000Z', heartbeat: heartbeat({ agent_id: id, uptime_seconds: 20 }) };
    await cache.seen(last);
    const other = { at: last.at, heartbeat: heartbeat({ agent_id: id, cluster_id: 'us-1' }) };
    await cache.seen(other);
    expect(
      await cache.read([
        { cluster_id: 'eu-1', id },
        { cluster_id: 'eu-1', id: 'nobody' },
      ]),
    ).toEqual(new Map([[`eu-1/${id}`, last]]));
    expect(await cache.read([])).toEqual(new Map());
    expect(await cache.memory()).toMatchObject({ used: isMeasured ? expect.any(Number) : null });
    await cache.stop();
  });
};

needs()('liveness in memory', () => behaves(createMemoryLivenessCache, false));
needs('redis')('liveness in Redis', () =>
  behaves(
    () => createRedisLivenessCache({ url: process.env['AETHERIUS_TEST_REDIS_URL'] ?? '', log: silentLogger() }),
    true,
  ),
);
