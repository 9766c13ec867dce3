import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentSubject, CommandResult, channels, type Event, Heartbeat } from '@aetherius/shared/contracts';
import { Registry } from '@aetherius/shared/metrics';
import { consume, ensureStreams, type Nats, openNats } from '@aetherius/shared/nats';
import { systemClock as clock } from '@aetherius/shared/service';
import { anEvent, eventually, natsServer, needs, silentLogger, type TestNatsServer } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openBus } from '../src/uplink/bus.ts';
import { startHeartbeat } from '../src/uplink/heartbeat.ts';
import { startRegistration } from '../src/uplink/register.ts';
import { openUplink } from '../src/uplink/uplink.ts';

const log = silentLogger();
const cluster = 'eu-1';

needs('nats')('the uplink', () => {
  let server: TestNatsServer;
  let nats: Nats;
  const folder = mkdtempSync(join(tmpdir(), 'aetherius-uplink-'));
  const seen: Event[] = [];
  const ids = new Set<string>();
  let consumer: { stop(): Promise<void> };

  beforeAll(async () => {
    server = await natsServer();
    nats = await openNats({ url: server.url, name: 'manager' }, log);
    await ensureStreams(nats);
    const source = { nats, service: 'test', purpose: 'events', stream: 'AGENT_EVENTS', channel: channels.event, log };
    consumer = await consume({
      ...source,
      // What the server did not yet keep of an acknowledgement when it died comes again, under the same id.
      handle: async ({ body, id }) => {
        if (!ids.has(id)) seen.push(body);
        ids.add(id);
      },
    });
  }, 30_000);
  afterAll(async () => {
    await consumer.stop();
    await nats.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  const open = async () => {
    const bus = openBus({ wayIn: Promise.resolve({ url: server.url }), cluster, metrics: new Registry() }, log);
    const uplink = await openUplink({
      bus,
      folder,
      maxBytes: 64 * 1024 ** 2,
      cluster,
      agentId: 'eu-1-test',
      clock,
      log,
    });
    return {
      bus,
      uplink,
      stop: async () => {
        await uplink.stop();
        await bus.stop();
      },
    };
  };

  it('keeps what the bus cannot take, across a restart of both, and delivers it once and in order', async () => {
    const first = await open();
    await first.bus.ready;
    first.uplink.sendEvent(anEvent({ message: 'zero' }));
    await eventually(() => expect(seen.map(({ message }) => message)).toEqual(['zero']));
    await server.kill();
    for (const message of ['one', 'two', 'three']) first.uplink.sendEvent(anEvent({ message }));
    await eventually(() => expect(first.uplink.depths().spooled_events).toBe(3));
    await first.stop();
    const second = await open();
    expect(second.uplink.depths().spooled_events).toBe(3);
    await server.restart();
    await eventually(() => expect(seen.map(({ message }) => message)).toEqual(['zero', 'one', 'two', 'three']), {
      within: 30_000,
    });
    await eventually(() => expect(second.uplink.depths().spooled_events).toBe(0));
    await second.stop();
  }, 60_000);

  it('names a result so that a copy is recognised', async () => {
    const agent = await open();
    await agent.bus.ready;
    const result = CommandResult.parse({
      command_id: 'run:step',
      cluster_id: cluster,
      issuer: 'orchestrator',
      status: 'done',
      started_at: clock.now().toISOString(),
      duration: '1s',
    });
    await agent.uplink.sendResult(result);
    await eventually(() => expect(agent.uplink.depths().spooled_results).toBe(0));
    const copy = await nats.publish(agentSubject(cluster, 'result'), result, { id: 'run:step:result' });
    expect(copy.duplicate).toBe(true);
    await agent.stop();
  }, 30_000);

  it('registers as soon as a manager answers, and beats with true figures meanwhile', async () => {
    const agent = await open();
    const beats: Heartbeat[] = [];
    const listening = nats.listen(agentSubject(cluster, 'heartbeat'), Heartbeat, async (beat) => {
      beats.push(beat);
      return undefined;
    });
    await agent.bus.ready;
    const registration = startRegistration({
      bus: agent.bus,
      log,
      introduction: async () =>
        channels.register.body.parse({
          agent_id: 'eu-1-test',
          cluster_id: cluster,
          version: '0.1.0',
          started_at: clock.now().toISOString(),
          changes_allowed: false,
        }),
    });
    const heartbeat = startHeartbeat({
      bus: agent.bus,
      cluster,
      agentId: 'eu-1-test',
      clock,
      log,
      vitals: () => ({
        queues: { commands: 2 },
        watches: { pods: { synced: false, age_seconds: 40 } },
        leader: true,
        problems: [],
      }),
    });
    // On a busy machine the first beat may pass before the server knows who listens; the next one comes after 15 s.
    await eventually(
      () => expect(beats[0]).toMatchObject({ status: 'degraded', queues: { commands: 2 }, leader: true }),
      { within: 25_000 },
    );
    const introductions: string[] = [];
    const manager = nats.listen(agentSubject(cluster, 'register'), channels.register.body, async ({ agent_id }) => {
      introductions.push(agent_id);
      return { status: 'registered', heartbeat_interval: '15s' };
    });
    await eventually(() => expect(introductions).toEqual(['eu-1-test']), { within: 15_000 });
    await registration.stop();
    await heartbeat.stop();
    await Promise.all([listening.stop(), manager.stop(), agent.stop()]);
  }, 60_000);
});
