import { channels } from '@aetherius/shared/contracts';
import { createAccess, createApp, listen } from '@aetherius/shared/http';
import { createLogger } from '@aetherius/shared/log';
import { createMetrics } from '@aetherius/shared/metrics';
import {
  consume,
  consumeBatch,
  createStreamFigures,
  credsUser,
  ensureStreams,
  openDeadLetters,
  openNats,
  trimStreams,
} from '@aetherius/shared/nats';
import { databaseOf, migrate, openPool, startOutboxRelay, startPruning } from '@aetherius/shared/postgres';
import { loadConfig, runService, startLoop, systemClock } from '@aetherius/shared/service';
import { about } from './about.ts';
import { createIssuer, withRevocation } from './access/access-tokens.ts';
import { tokenHash } from './access/api-token.ts';
import { watchCertificates } from './certificates/watch-certificates.ts';
import { countedCommands } from './commands/command-metrics.ts';
import { ManagerConfig } from './config.ts';
import { forgetKeys, openDoor } from './enrolment/open-door.ts';
import { listenToAgents } from './fleet/fleet.ts';
import { createMemoryLivenessCache } from './fleet/liveness-cache.ts';
import { createRedisLivenessCache } from './fleet/redis-liveness-cache.ts';
import { registerGauges } from './gauges.ts';
import { readGivenFiles } from './given-files.ts';
import { startAnomalies, startIngest } from './ingest/ingest.ts';
import { createManager } from './manager.ts';
import { managerExpiries } from './retention.ts';

const service = about.service;
const migrations = new URL('../migrations/', import.meta.url);
const HOUR_MS = 3_600_000;
/** How long agents have to be heard after a start before their silence means anything. */
const SETTLING_MS = 60_000;

await runService(service, async ({ own, signal }) => {
  const config = loadConfig(ManagerConfig, process.env);
  const log = createLogger(service, config.LOG_LEVEL);
  const metrics = createMetrics(service);
  const given = await readGivenFiles(config);
  const started = systemClock.monotonic();

  const db = own('postgres', await openPool({ ...databaseOf(config), metrics, log }));
  await migrate({ db, folder: migrations, log, mode: config.MIGRATIONS, signal });
  const nats = own(
    'nats',
    await openNats({ url: config.NATS_URL, creds: config.NATS_CREDS, name: service, metrics }, log),
  );
  await ensureStreams(nats, { replicas: config.BUS_REPLICAS });
  const cache = own(
    'liveness',
    config.REDIS_URL === undefined
      ? createMemoryLivenessCache()
      : createRedisLivenessCache({ url: config.REDIS_URL, log }),
  );
  const manager = createManager({ db, cache, clock: systemClock, log });
  const { incidents, fleet, tokens, audit, enrolment: store } = manager;
  const commands = countedCommands(manager.commands, metrics);

  if (given.bootstrapToken !== undefined) await tokens.bootstrap(tokenHash(given.bootstrapToken));
  await manager.events.makeDays(manager.now());
  own(
    'event-days',
    startLoop({ name: 'event-days', every: HOUR_MS, log, run: () => manager.events.makeDays(manager.now()) }),
  );
  own(
    'forget-keys',
    startLoop({ name: 'forget-keys', every: HOUR_MS, log, run: () => forgetKeys(store, manager.now()) }),
  );

  const streams = createStreamFigures(metrics);
  own('trim-streams', startLoop({ name: 'trim-streams', every: 30_000, log, run: () => trimStreams(nats, streams) }));
  own('certificates', watchCertificates({ config, metrics, log }));

  const relay = own('outbox', startOutboxRelay({ db, nats, service, log, metrics, onReply: commands.onReply }));
  // On its own beat: poked by each batch it would look through all open incidents many times a second.
  own('settle', startLoop({ name: 'settle', every: 500, log, run: () => incidents.settle() }));
  own(
    'close-revoked',
    startLoop({ name: 'close-revoked', every: 15_000, log, run: async () => void (await incidents.closeRevoked()) }),
  );
  own(
    'forget-faint',
    startLoop({ name: 'forget-faint', every: 60_000, log, run: async () => void (await incidents.forgetFaint()) }),
  );
  own(
    'expire',
    startLoop({ name: 'expire', every: 5_000, log, run: async () => void (await manager.expireCommands()) }),
  );

  own('agents', listenToAgents({ nats, fleet, metrics, log }));
  own(
    'watchdog',
    startLoop({
      name: 'watchdog',
      every: 5_000,
      log,
      run: () =>
        fleet.watch({ record: manager.ingest.record, judging: systemClock.monotonic() - started > SETTLING_MS }),
    }),
  );
  own('events', await startIngest({ nats, ingest: manager.ingest, metrics, log, now: manager.now, done: relay.poke }));
  own('anomalies', await startAnomalies({ nats, ingest: manager.ingest, log, done: relay.poke }));
  own(
    'progress',
    await consumeBatch({
      nats,
      service,
      purpose: 'progress',
      stream: 'RUNS',
      channel: channels.progress,
      log,
      handle: (messages) => incidents.progress(messages.map(({ body }) => body)),
    }),
  );
  own(
    'results',
    await consume({
      nats,
      service,
      purpose: 'results',
      stream: 'AGENT_RESULTS',
      channel: channels.result,
      log,
      handle: commands.onResult,
    }),
  );
  own(
    'audit',
    await consumeBatch({
      nats,
      service,
      purpose: 'audit',
      stream: 'AUDIT',
      channel: channels.audit,
      log,
      handle: (messages) => audit.append(messages.map(({ body }) => body)),
    }),
  );

  const expiries = managerExpiries(config, manager.trail);
  own('pruning', startPruning({ db, expiries, clock: systemClock, metrics, log }));

  registerGauges({ metrics, db, fleet, cache, view: manager.view, now: manager.now });
  const now = manager.now;
  const issue = await createIssuer({ tokens, privateKey: given.keys.privateKey, now });
  // The last key's tokens stay good for an hour after it changed, and the next one's may come from a replica already.
  const publicKey = `${given.keys.publicKey}\n${given.otherKeys ?? ''}`;
  const access = withRevocation(await createAccess({ publicKey }), { tokens, now });
  const ready = async () => ({
    postgres: await tokens.state(),
    nats: nats.connected() ? 'ok' : 'not connected',
    service: signal.aborted ? 'stopping' : 'ok',
  });
  const spared = async () => ({ liveness: await cache.state() });
  const door = await openDoor({ ...given, config, db, store, now, log, own });
  const ownUser = () => (config.NATS_CREDS === undefined ? undefined : credsUser(config.NATS_CREDS));
  const routes = manager.routes({ issue, poke: relay.poke, door, letters: openDeadLetters(nats), ownUser, metrics });
  const app = createApp({ ...about, routes, access, metrics, ready, spared, log });
  own('http', await listen(app, config.PORT, config.LISTEN_HOST));
  own('incident-stream', manager.stream);
});
