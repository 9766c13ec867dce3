import { agentSubject, channels, type DeadLetter, type Event } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import {
  consume,
  consumeBatch,
  createStreamFigures,
  ensureStreams,
  type Nats,
  openNats,
  trimStreams,
} from '@aetherius/shared/nats';
import { freePort } from '@aetherius/shared/service';
import { anEvent, eventually, natsServer, needs, silentLogger, type TestNatsServer } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { z } from 'zod';

const log = silentLogger();
const subject = agentSubject('eu-1', 'event');

needs('nats')('nats', () => {
  let server: TestNatsServer;
  let nats: Nats;
  beforeAll(async () => {
    server = await natsServer();
    nats = await openNats({ url: server.url, name: 'kit' }, log);
    await ensureStreams(nats);
    await ensureStreams(nats);
  });
  afterAll(async () => {
    await nats.stop();
    await server.stop();
  });

  it('stores a message once, whatever its sender repeats', async () => {
    const event = anEvent();
    const first = await nats.publish(subject, event, { id: event.id });
    const second = await nats.publish(subject, event, { id: event.id });
    expect([first.duplicate, second.duplicate]).toEqual([false, true]);
  });

  it('refuses what is too large before it leaves', async () => {
    await expect(nats.publish(subject, { data: 'x'.repeat(1_000_000) }, { id: 'big' })).rejects.toThrow('too large');
  });

  it('tells a subject that can never be sent to from a bus that is not there', async () => {
    await expect(nats.publish('not a subject', {}, { id: 'x' })).rejects.toMatchObject({ retryable: false });
    await expect(nats.publish('no.stream.keeps.this', {}, { id: 'x' })).rejects.toMatchObject({ retryable: true });
  });

  it('buries what does not fit and goes on with the rest', async () => {
    const seen: Event[] = [];
    const buried: DeadLetter[] = [];
    const good = anEvent();
    await nats.publish(subject, { nonsense: true }, { id: 'bad-1' });
    await nats.publish(subject, good, { id: good.id });
    const events = await consumeBatch({
      nats,
      service: 'kit',
      purpose: 'events',
      stream: 'AGENT_EVENTS',
      channel: channels.event,
      log,
      handle: async (messages) => void seen.push(...messages.map(({ body }) => body)),
    });
    const dead = await consume({
      nats,
      service: 'kit',
      purpose: 'dead',
      stream: 'DEAD',
      channel: channels.dead,
      log,
      handle: async ({ body }) => void buried.push(body),
    });
    await eventually(() => {
      expect(seen.map(({ id }) => id)).toContain(good.id);
      expect(buried.map(({ message_id }) => message_id)).toContain('bad-1');
    });
    await events.stop();
    await dead.stop();
  });

  it('delivers again after a failure that may pass', async () => {
    let tries = 0;
    const event = anEvent();
    const consumer = await consume({
      nats,
      service: 'kit',
      purpose: 'again',
      stream: 'AGENT_EVENTS',
      channel: channels.event,
      log,
      handle: async ({ id }) => {
        if (id !== event.id) return;
        tries += 1;
        if (tries === 1) throw errors.unavailable({ part: 'store' });
      },
    });
    await nats.publish(subject, event, { id: event.id });
    await eventually(() => expect(tries).toBe(2));
    await consumer.stop();
  });

  it('removes what every reader has handled, and nothing else', async () => {
    const progress = channels.progress.pattern;
    const state = async () => (await (await nats.manager()).streams.info('RUNS')).state;
    for (const id of ['r1', 'r2', 'r3']) await nats.publish(progress, { id }, { id });
    await trimStreams(nats);
    expect((await state()).messages).toBe(3);
    const seen: string[] = [];
    const reader = await consume({
      nats,
      service: 'agent-manager',
      purpose: 'progress',
      stream: 'RUNS',
      channel: { pattern: progress, body: z.object({ id: z.string() }) },
      log,
      handle: async ({ body }) => {
        if (body.id === 'r2') throw errors.unavailable({ part: 'store' });
        seen.push(body.id);
      },
    });
    await eventually(() => expect(seen).toEqual(['r1', 'r3']));
    await eventually(async () => {
      await trimStreams(nats);
      expect(await state()).toMatchObject({ messages: 2, first_seq: 2 });
    });
    await reader.stop();
    const registry = new Registry();
    await trimStreams(nats, createStreamFigures(registry));
    const text = await registry.metrics();
    expect(text).toMatch(/aetherius_bus_stream_bytes\{stream="RUNS"\} [1-9]/);
    expect(text).toContain('aetherius_bus_stream_limit_bytes{stream="DEAD"} 1073741824');
    // Those that drop the oldest may be full at any time.
    expect(text).not.toContain('AGENT_METRICS');
    // The bus still knows what it had, so a repeat of what went is none anew.
    expect((await nats.publish(progress, { id: 'r1' }, { id: 'r1' })).duplicate).toBe(true);
  });

  it('answers a request, and tells silence from an answer', async () => {
    const listener = nats.listen('greet', z.object({ name: z.string() }), async ({ name }) => ({ hello: name }));
    expect(await nats.ask('greet', { name: 'x' }, 2_000)).toEqual({ status: 'replied', reply: { hello: 'x' } });
    expect(await nats.ask('greet', { name: 1 }, 2_000)).toMatchObject({
      reply: { error: expect.stringContaining('name') },
    });
    expect(await nats.ask('nobody', {}, 500)).toEqual({ status: 'offline' });
    await listener.stop();
  });

  it('comes back after the server was killed', async () => {
    await server.restart();
    const event = anEvent();
    await eventually(async () => expect((await nats.publish(subject, event, { id: event.id })).duplicate).toBe(false), {
      within: 20_000,
    });
  }, 30_000);

  it('is reached through a WebSocket, past a server of its list that is away', async () => {
    const [port, away] = [await freePort(), await freePort()];
    const other = await natsServer(() => `websocket { host: 127.0.0.1, port: ${port}, no_tls: true }`);
    const url = `ws://127.0.0.1:${away},ws://127.0.0.1:${port}`;
    const through = await openNats({ url, name: 'socket' }, log);
    await ensureStreams(through);
    expect((await through.publish(subject, anEvent(), { id: 'by-socket' })).duplicate).toBe(false);
    await through.stop();
    await other.stop();
  });
});
