import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { WAKE_SUBJECT } from '@aetherius/shared/contracts';
import { createAccess, createApp, listen, readPublicKey } from '@aetherius/shared/http';
import { createMetrics } from '@aetherius/shared/metrics';
import { awaitStreams, openNats } from '@aetherius/shared/nats';
import { databaseOf, migrate, openPool, sql, startOutboxRelay, startPruning } from '@aetherius/shared/postgres';
import { systemClock as clock, loadConfig, newId, runService } from '@aetherius/shared/service';
import { z } from 'zod';
import { about } from './about.ts';
import { OrchestratorConfig } from './config.ts';
import { importFiles } from './definitions/import-files.ts';
import { startAnswers, takeReply } from './engine/consume.ts';
import { createEffectStore } from './engine/effect-store.ts';
import { registerGauges } from './engine/gauges.ts';
import { readQueues } from './engine/queue-view.ts';
import { createRunMetrics } from './engine/run-metrics.ts';
import { startRunner } from './engine/runner.ts';
import { createTrees } from './engine/trees.ts';
import { startWebhook } from './notify/webhook.ts';
import { orchestratorExpiries } from './retention.ts';
import { orchestratorRoutes } from './routes.ts';
import { startTriggers } from './triggers/consume.ts';

await runService('orchestrator-service', async ({ own, log, signal }) => {
  const config = loadConfig(OrchestratorConfig, process.env);
  const access = await createAccess({ publicKey: await readPublicKey(config.AUTH_PUBLIC_KEY_FILE) });
  const metrics = createMetrics('orchestrator-service');

  const db = own('postgres', await openPool({ ...databaseOf(config), metrics, log, max: 20 }));
  await migrate({ db, folder: new URL('../migrations/', import.meta.url), log, mode: config.MIGRATIONS, signal });
  const shipped = fileURLToPath(new URL('../definitions', import.meta.url));
  await importFiles({ db, folder: config.DEFINITIONS_DIR ?? shipped, log });
  const nats = own(
    'nats',
    await openNats({ url: config.NATS_URL, creds: config.NATS_CREDS, name: 'orchestrator-service', metrics }, log),
  );
  await awaitStreams({ nats, log, signal });

  registerGauges({ metrics, read: () => readQueues(db) });
  const { figures, taken, unanswered, answered } = createRunMetrics(metrics, clock);

  const wake = () => nats.emit(WAKE_SUBJECT, {});
  const onReply = takeReply({ wake, answered });
  const relay = own('outbox', startOutboxRelay({ db, nats, service: 'orchestrator-service', log, metrics, onReply }));
  const effects = createEffectStore({ newId, notify: config.NOTIFY_WEBHOOK_URL !== undefined });
  const engine = {
    ...{ db, effects, trees: createTrees(), protectedNamespaces: config.PROTECTED_NAMESPACES },
    ...{ log, sent: relay.poke, figures },
  };
  const runner = own('runner', startRunner({ ...engine, owner: `${hostname()}-${process.pid}-${newId()}` }));
  own(
    'wake',
    nats.listen(WAKE_SUBJECT, z.unknown(), async () => {
      runner.poke();
      return undefined;
    }),
  );
  if (config.NOTIFY_WEBHOOK_URL !== undefined) {
    const webhook = { url: config.NOTIFY_WEBHOOK_URL, secret: config.NOTIFY_WEBHOOK_SECRET };
    own('webhook', startWebhook({ db, webhook, clock, log }));
  }
  for (const consumer of await startAnswers({ engine, nats, wake, answered })) own('answers', consumer);
  own('triggers', await startTriggers({ db, nats, newId, wake, taken, unanswered, log }));
  own('pruning', startPruning({ db, expiries: orchestratorExpiries(config), clock, metrics, log }));

  const ready = async () => ({
    postgres: await db.run(sql`select 1`).then(
      () => 'ok',
      () => 'does not answer',
    ),
    nats: nats.connected() ? 'ok' : 'not connected',
  });
  const routes = orchestratorRoutes({ db, effects, newId, wake, log });
  own(
    'http',
    await listen(createApp({ ...about, routes, access, metrics, ready, log }), config.PORT, config.LISTEN_HOST),
  );
});
