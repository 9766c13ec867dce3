import { generateKeyPairSync } from 'node:crypto';
import { agentSubject, channels, type Event, type InternalEvent, type Role } from '@aetherius/shared/contracts';
import { createAccess, createApp, listen } from '@aetherius/shared/http';
import { createMetrics } from '@aetherius/shared/metrics';
import { consume, consumeBatch, ensureStreams, type Nats, openDeadLetters, openNats } from '@aetherius/shared/nats';
import { type Db, sql, startOutboxRelay } from '@aetherius/shared/postgres';
import { type Clock, newId, systemClock } from '@aetherius/shared/service';
import { database, natsServer, silentLogger } from '@aetherius/shared/testing';
import { about } from '../src/about.ts';
import { createIssuer, withRevocation } from '../src/access/access-tokens.ts';
import { tokenHash } from '../src/access/api-token.ts';
import type { Door } from '../src/enrolment/enrolment.ts';
import { listenToAgents } from '../src/fleet/fleet.ts';
import { createMemoryLivenessCache } from '../src/fleet/liveness-cache.ts';
import { startAnomalies, startIngest } from '../src/ingest/ingest.ts';
import { createManager, type Manager } from '../src/manager.ts';

const log = silentLogger();
const service = 'agent-manager';
type Part = { stop(): Promise<unknown> | unknown };
type Answer = { status: number; body: Record<string, unknown> };

/** A manager over a real database, without bus and HTTP: for what is decided in the store. */
export async function storeRig({ clock = systemClock } = {}) {
  const test = await database({ schema: 'agent_manager', migrations: new URL('../migrations/', import.meta.url) });
  const manager = createManager({ db: test.db, cache: createMemoryLivenessCache(), clock, log });
  await manager.events.makeDays(clock.now());
  return {
    db: test.db,
    manager,
    told: () => told(test.db),
    stop: async () => {
      await manager.stream.stop();
      await test.drop();
    },
  };
}

/** The announcements that lie in the outbox, oldest first. */
const told = async (db: Db): Promise<(InternalEvent & { subject_name: string })[]> =>
  db.many(sql`select body.*, outbox.subject as subject_name from outbox
    cross join lateral jsonb_to_record(outbox.body) as body (incident_id text, episode int, phase text, cluster_id text, severity text, reason text, reasons text[], subject jsonb, bundle jsonb)
    where outbox.subject like 'internal.event.%' order by outbox.id`);

/** The manager as it runs, on a real bus, with its HTTP API on a free port. */
export async function rig({
  clock = systemClock,
  door,
  ownUser = () => undefined,
}: {
  clock?: Clock;
  door?: (parts: { db: Db; manager: Manager }) => Door;
  ownUser?: () => string | undefined;
} = {}) {
  const server = await natsServer();
  const test = await database({ schema: 'agent_manager', migrations: new URL('../migrations/', import.meta.url) });
  const { db } = test;
  const nats = await openNats({ url: server.url, name: service }, log);
  const agent = await openNats({ url: server.url, name: 'eu-1' }, log);
  await ensureStreams(nats);
  const metrics = createMetrics(service);
  const manager = createManager({ db, cache: createMemoryLivenessCache(), clock, log });
  await manager.events.makeDays(clock.now());
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const { tokens, now } = manager;
  const issue = await createIssuer({ tokens, privateKey, now });
  const access = withRevocation(await createAccess({ publicKey }), { tokens, now });
  const relay = startOutboxRelay({ db, nats, service, log, onReply: manager.commands.onReply });
  const app = createApp({
    ...about,
    routes: manager.routes({
      ...{ issue, poke: relay.poke, door: door?.({ db, manager }), ownUser, metrics },
      letters: openDeadLetters(nats),
    }),
    access,
    metrics,
    ready: async () => ({ postgres: await tokens.state() }),
    log,
  });
  const http = await listen(app, 0);
  const parts: Part[] = [manager.stream, http, relay, ...(await consumers({ manager, nats })), nats, agent];
  const url = `http://127.0.0.1:${http.port}`;
  return {
    db,
    nats,
    agent,
    manager,
    server,
    metrics,
    url,
    send: (event: Event) => agent.publish(agentSubject(event.cluster_id, 'event'), event, { id: newId() }),
    call: caller(url),
    tokenFor: tokenMaker({ manager, db, url }),
    stop: async () => {
      for (const part of parts) await part.stop();
      await test.drop();
      await server.stop();
    },
  };
}

async function consumers({ manager, nats }: { manager: Manager; nats: Nats }): Promise<Part[]> {
  const { incidents, commands, audit, fleet, ingest } = manager;
  return [
    listenToAgents({ nats, fleet, metrics: createMetrics(service), log }),
    await startIngest({ nats, ingest, metrics: createMetrics(service), now: manager.now, log, done: () => undefined }),
    await startAnomalies({ nats, ingest, log, done: () => undefined }),
    await consumeBatch({
      nats,
      service,
      purpose: 'progress',
      stream: 'RUNS',
      channel: channels.progress,
      log,
      handle: (messages) => incidents.progress(messages.map(({ body }) => body)),
    }),
    await consume({
      nats,
      service,
      purpose: 'results',
      stream: 'AGENT_RESULTS',
      channel: channels.result,
      log,
      handle: commands.onResult,
    }),
    await consumeBatch({
      nats,
      service,
      purpose: 'audit',
      stream: 'AUDIT',
      channel: channels.audit,
      log,
      handle: (messages) => audit.append(messages.map(({ body }) => body)),
    }),
  ];
}

const caller =
  (url: string) =>
  async (method: string, path: string, { token, body }: { token?: string; body?: unknown } = {}): Promise<Answer> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : JSON.parse(text) };
  };

/** An access token with the given roles, got the way that people get one. */
const tokenMaker =
  ({ manager, db, url }: { manager: Manager; db: Db; url: string }) =>
  async (...roles: Role[]): Promise<string> => {
    const secret = `aetherius_${newId()}`;
    await manager.tokens.create(db, {
      id: newId(),
      name: roles.join(' '),
      roles,
      created_by: 'test',
      expires_at: null,
      hash: tokenHash(secret),
    });
    const { body } = await caller(url)('POST', '/api/v1/access/token', { token: secret });
    return String(body['access_token']);
  };
