import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  agentPermissions,
  agentSubject,
  type NatsPermissions,
  servicePermissions,
  streams,
} from '@aetherius/shared/contracts';
import {
  awaitStreams,
  consume,
  ensureStreams,
  type Nats,
  openDeadLetters,
  openNats,
  type StoredLetter,
} from '@aetherius/shared/nats';
import { eventually, needs, silentLogger } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { startNatsServer } from '../src/backing/nats.ts';
import { createNatsAuth, type NatsAuth } from '../src/nats-auth.ts';
import type { Managed } from '../src/process.ts';

const MANAGER = 'agent-manager';
const EVERYTHING: NatsPermissions = { pub: ['>'], sub: ['>'], reply: true };

needs('nats')('users of the bus', () => {
  let folder: string;
  let auth: NatsAuth;
  let server: { url: string; process: Managed };
  const open = new Map<string, Promise<NatsConnection>>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aetherius-auth-'));
    auth = await createNatsAuth(join(folder, 'keys'));
    const binary = process.env['AETHERIUS_NATS_SERVER'] ?? '';
    server = await startNatsServer({
      binary,
      trust: auth.trust,
      folder: join(folder, 'nats'),
      logFile: join(folder, 'log'),
      runFolder: folder,
    });
    const creds = await credsOf(MANAGER, servicePermissions(MANAGER));
    const manager = await openNats({ url: server.url, creds, name: MANAGER }, silentLogger());
    await ensureStreams(manager);
    await manager.stop();
  }, 60_000);
  afterAll(async () => {
    for (const connection of open.values()) await (await connection).close();
    await server?.process.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const connectWith = (creds: string, name: string) => {
    const known = open.get(name) ?? dial(creds, name);
    open.set(name, known);
    return known;
  };
  const dial = (creds: string, name: string) =>
    connect({
      servers: server.url,
      authenticator: credsAuthenticator(readFileSync(creds)),
      inboxPrefix: `_INBOX_${name}`,
      reconnect: false,
    });
  // Signing takes most of a second under jest, so each user signs in with one file.
  const files = new Map<string, Promise<string>>();
  const credsOf = (user: string, permissions: NatsPermissions) => {
    const file = files.get(user) ?? auth.creds(user, permissions);
    files.set(user, file);
    return file;
  };
  const asManager = async () => connectWith(await credsOf(MANAGER, servicePermissions(MANAGER)), MANAGER);
  const asAgent = async (cluster: string) =>
    connectWith(await credsOf(`agent-${cluster}`, agentPermissions(cluster)), cluster);
  const stored = async () =>
    (await (await jetstreamManager(await asManager())).streams.info('AGENT_EVENTS')).state.messages;
  /** What the server said about a subscription that it refused. */
  const refusal = async (connection: NatsConnection, subject: string) => {
    const said = new Promise<string>((resolve) => {
      connection.subscribe(subject, { callback: (problem) => resolve(problem?.message ?? 'it was let through') });
    });
    await connection.flush();
    return said;
  };

  it('keeps credentials for their owner alone, and the same keys at the next start', async () => {
    const file = await auth.creds(MANAGER, servicePermissions(MANAGER));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'keys', 'keys.json')).mode & 0o777).toBe(0o600);
    expect(statSync(auth.issuerFile).mode & 0o777).toBe(0o600);
    const kept = JSON.parse(readFileSync(join(folder, 'keys', 'keys.json'), 'utf8')) as Record<string, string>;
    const issued = readFileSync(auth.issuerFile, 'utf8');
    for (const identity of ['operator', 'account', 'system']) expect(issued).not.toContain(kept[identity]);
    const again = await createNatsAuth(join(folder, 'keys'));
    expect(again.trust.systemAccount).toBe(auth.trust.systemAccount);
    // Signed anew they would be newer than what the bus was told since, and undo it.
    expect(again.trust.accounts).toEqual(auth.trust.accounts);
  });

  it('refuses whoever brings no credentials', async () => {
    await expect(connect({ servers: server.url, reconnect: false })).rejects.toThrow(/authoriz/i);
  });

  it('lets an agent publish its own kinds with an acknowledgement', async () => {
    const before = await stored();
    const acknowledged = await jetstream(await asAgent('east')).publish(agentSubject('east', 'event'), '{}');
    expect(acknowledged.stream).toBe('AGENT_EVENTS');
    expect(await stored()).toBe(before + 1);
  });

  it.each([
    ["another cluster's event", agentSubject('west', 'event')],
    ["another cluster's heartbeat", agentSubject('west', 'heartbeat')],
    ['a command, even to itself', agentSubject('east', 'command')],
    ['an internal event', 'internal.event.critical'],
    ['the JetStream API', '$JS.API.STREAM.INFO.AGENT_EVENTS'],
    ['the API that deletes a stream', '$JS.API.STREAM.DELETE.AGENT_EVENTS'],
  ])('refuses an agent that publishes %s', async (_, subject) => {
    const before = await stored();
    const agent = await asAgent('east');
    await expect(agent.request(subject, '{}', { timeout: 2_000 })).rejects.toThrow(/permission/i);
    expect(await stored()).toBe(before);
  });

  it.each([
    ["another cluster's commands", agentSubject('west', 'command')],
    ['every command', 'aetherius.agent.*.command'],
    ["another cluster's events", agentSubject('west', 'event')],
    ["another cluster's inbox", '_INBOX_west.>'],
    ['audit records', 'internal.audit'],
  ])('refuses an agent that listens to %s', async (_, subject) => {
    expect(await refusal(await asAgent('east'), subject)).toMatch(/permission/i);
  });

  it('lets an agent answer a command once, and only that', async () => {
    const agent = await asAgent('east');
    const commands = agent.subscribe(agentSubject('east', 'command'), {
      callback: (_problem, message) => {
        message.respond('accepted');
        message.respond('once more');
      },
    });
    await agent.flush();
    const manager = await asManager();
    const answers: string[] = [];
    const inbox = `_INBOX_${MANAGER}.test`;
    manager.subscribe(inbox, { callback: (_problem, message) => void answers.push(message.string()) });
    manager.publish(agentSubject('east', 'command'), '{}', { reply: inbox });
    expect((await manager.request(agentSubject('east', 'command'), '{}', { timeout: 2_000 })).string()).toBe(
      'accepted',
    );
    await agent.flush();
    await manager.flush();
    expect(answers).toEqual(['accepted']);
    commands.unsubscribe();
  });

  it.each([
    ['a command', agentSubject('east', 'command')],
    ['the API that changes a stream, which could carry what it says to any subject', '$JS.API.STREAM.UPDATE.DEAD'],
    ['the API that makes a stream', '$JS.API.STREAM.CREATE.MINE'],
    ['the API that empties a stream', '$JS.API.STREAM.PURGE.AUDIT'],
    ['the API that deletes a stream', '$JS.API.STREAM.DELETE.AUDIT'],
    ['the API that reads one message', '$JS.API.STREAM.MSG.GET.AUDIT'],
    ['the API that reads a dead letter', '$JS.API.STREAM.MSG.GET.DEAD'],
    ['the API that deletes one message', '$JS.API.STREAM.MSG.DELETE.AUDIT'],
    ["a consumer of another's stream", '$JS.API.CONSUMER.CREATE.AUDIT.reasoning-service-audit.internal.audit'],
    [
      'a consumer of other messages of its stream',
      '$JS.API.CONSUMER.CREATE.REASONING.reasoning-service-questions.ai.reasoning.answer',
    ],
    ['a consumer without a filter', '$JS.API.CONSUMER.DURABLE.CREATE.REASONING.reasoning-service-questions'],
    ["another's messages", '$JS.API.CONSUMER.MSG.NEXT.AGENT_RESULTS.orchestrator-service-results'],
    ["another's acknowledgement", '$JS.ACK.AGENT_EVENTS.agent-manager-events.1.1.1.1700000000000000000.0'],
  ])('refuses a service that publishes %s', async (_, subject) => {
    const file = await credsOf('reasoning-service', servicePermissions('reasoning-service'));
    const reasoning = await connectWith(file, 'reasoning-service');
    await expect(reasoning.request(subject, '{}', { timeout: 2_000 })).rejects.toThrow(/permission/i);
  });

  it('lets the manager look at dead letters, send them again and take them away, and reads no other stream so', async () => {
    const creds = await credsOf(MANAGER, servicePermissions(MANAGER));
    const nats = await openNats({ url: server.url, creds, name: MANAGER }, silentLogger());
    const letters = openDeadLetters(nats);
    const subject = agentSubject('east', 'event');
    const data = Buffer.from('{}').toString('base64');
    const letter = { subject, message_id: 'm', problem: 'p', deliveries: 5, data, at: new Date().toISOString() };
    await nats.publish('dead.agent-manager', letter, { id: 'letter' });
    const [newest] = await letters.newest({ before: undefined, limit: 1 });
    expect(newest).toMatchObject({ service: MANAGER, letter });
    const before = await stored();
    await letters.sendAgain(newest as StoredLetter);
    expect(await stored()).toBe(before + 1);
    expect([await letters.remove(newest?.seq ?? 0), await letters.remove(newest?.seq ?? 0)]).toEqual([true, false]);
    const { streams: api } = await nats.manager();
    for (const stream of ['AUDIT', 'AGENT_RESULTS']) {
      await expect(api.getMessage(stream, { seq: 1 })).rejects.toThrow(/permission/i);
      await expect(api.deleteMessage(stream, 1)).rejects.toThrow(/permission/i);
    }
    await nats.stop();
  });

  it('lets each service read what is for it', async () => {
    const readings = streams.flatMap(({ name, readers }) => readers.map((reader) => ({ stream: name, ...reader })));
    const services = new Map<string, Nats>();
    for (const service of ['agent-manager', 'orchestrator-service', 'reasoning-service'] as const) {
      const creds = await credsOf(service, servicePermissions(service));
      services.set(service, await openNats({ url: server.url, creds, name: service }, silentLogger()));
    }
    await awaitStreams({
      nats: services.get('reasoning-service') as Nats,
      log: silentLogger(),
      signal: AbortSignal.timeout(60_000),
    });
    const heard: string[] = [];
    const consumers = await Promise.all(
      readings.map(({ stream, service, durable, filter }) =>
        consume({
          nats: services.get(service) as Nats,
          ...{ service, stream, purpose: durable.slice(service.length + 1), log: silentLogger() },
          channel: { pattern: filter, body: z.unknown() },
          handle: async () => void heard.push(durable),
        }),
      ),
    );
    const sender = jetstream(await connectWith(await credsOf('everything', EVERYTHING), 'everything'));
    for (const subject of new Set(readings.map(({ filter }) => filter)))
      await sender.publish(subject.replace('*', 'critical'), '{}');
    await eventually(async () => expect(new Set(heard)).toEqual(new Set(readings.map(({ durable }) => durable))));
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    await Promise.all([...services.values()].map((nats) => nats.stop()));
  });

  it('says who would make a stream that is not there', async () => {
    const creds = await credsOf('orchestrator-service', servicePermissions('orchestrator-service'));
    const nats = await openNats({ url: server.url, creds, name: 'orchestrator-service' }, silentLogger());
    await (
      await jetstreamManager(await connectWith(await credsOf('everything', EVERYTHING), 'everything'))
    ).streams.delete('SIGNALS');
    const waiting = { nats, log: silentLogger(), signal: AbortSignal.timeout(60_000) };
    await expect(awaitStreams({ ...waiting, withinMs: 0 })).rejects.toThrow(
      /stream SIGNALS is not there.*start agent-manager/,
    );
    await nats.stop();
  });
});
