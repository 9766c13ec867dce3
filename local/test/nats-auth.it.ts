import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentPermissions, agentSubject, type NatsPermissions, servicePermissions } from '@aetherius/shared/contracts';
import { needs } from '@aetherius/shared/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { startNatsServer } from '../src/backing/nats.ts';
import { createNatsAuth, type NatsAuth } from '../src/nats-auth.ts';
import type { Managed } from '../src/process.ts';

const MANAGER = 'agent-manager';

needs('nats')('users of the bus', () => {
  let folder: string;
  let auth: NatsAuth;
  let server: { url: string; process: Managed };
  const open: NatsConnection[] = [];

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
    const manager = await asManager();
    const manage = await jetstreamManager(manager);
    await manage.streams.add({ name: 'AGENT_EVENTS', subjects: ['aetherius.agent.*.event'] });
  }, 60_000);
  afterAll(async () => {
    await Promise.all(open.map((connection) => connection.close()));
    await server?.process.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const connectWith = async (creds: string, name: string) => {
    const authenticator = credsAuthenticator(readFileSync(creds));
    const connection = await connect({
      servers: server.url,
      authenticator,
      inboxPrefix: `_INBOX_${name}`,
      reconnect: false,
    });
    open.push(connection);
    return connection;
  };
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

  it('keeps a service to its own subjects', async () => {
    const reasoning = await connectWith(
      await auth.creds('reasoning-service', servicePermissions('reasoning-service')),
      'reasoning-service',
    );
    await expect(reasoning.request(agentSubject('east', 'command'), '{}', { timeout: 2_000 })).rejects.toThrow(
      /permission/i,
    );
  });
});
