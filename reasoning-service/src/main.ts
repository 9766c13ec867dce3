import { pathToFileURL } from 'node:url';
import type { Bundle, ReasoningAnswer } from '@aetherius/shared/contracts';
import { createAccess, createApp, listen, readPublicKey } from '@aetherius/shared/http';
import { createMetrics } from '@aetherius/shared/metrics';
import { awaitStreams, openNats } from '@aetherius/shared/nats';
import { databaseOf, migrate, openPool, sql, startOutboxRelay, startPruning } from '@aetherius/shared/postgres';
import { systemClock as clock, loadConfig, runService, startLoop } from '@aetherius/shared/service';
import { about } from './about.ts';
import { startFeedback } from './cases/consume.ts';
import { ReasoningConfig } from './config.ts';
import { createObserver } from './detection/observer.ts';
import { detectionRoutes } from './detection/routes.ts';
import { createWatchStore } from './detection/watch-store.ts';
import { forecastRoutes } from './forecast/routes.ts';
import { knowledgeRoutes, openKnowledge } from './knowledge.ts';
import { exposeKnowledge } from './knowledge-metrics.ts';
import { llmRoutes } from './llm/routes.ts';
import { startExplaining } from './llm/start-explaining.ts';
import { createUsageView } from './llm/usage-view.ts';
import { startMetrics } from './metrics/consume.ts';
import { startForecasting } from './metrics/forecasting/forecast-sweep.ts';
import { metricCausesOf } from './metrics/incident-causes.ts';
import { observeGiven } from './metrics/observe-given.ts';
import { startSweeping } from './metrics/sweep.ts';
import { createAnswerMetrics } from './requests/answer-metrics.ts';
import { startAnswering } from './requests/consume.ts';
import { analysisRoutes } from './requests/routes.ts';
import { reasoningExpiries } from './retention.ts';
import { rootCauseRoutes } from './rootcause/routes.ts';

/** How often it is looked whether cases wait whose store was away. */
const CASES_EVERY_MS = 5_000;
/** So long ends of incidents may have no say in the answers yet. */
const EXPERIENCE_FOR_MS = 10_000;

await runService('reasoning-service', async ({ own, log, signal }) => {
  const config = loadConfig(ReasoningConfig, process.env);
  const access = await createAccess({ publicKey: await readPublicKey(config.AUTH_PUBLIC_KEY_FILE) });
  const metrics = createMetrics('reasoning-service');
  const answered = createAnswerMetrics(metrics);

  const db = own('postgres', await openPool({ ...databaseOf(config), metrics, log }));
  await migrate({ db, folder: new URL('../migrations/', import.meta.url), log, mode: config.MIGRATIONS, signal });

  const { NEO4J_URI: uri, NEO4J_USER: user, NEO4J_PASSWORD: password, RUNBOOKS_DIR: runbooks } = config;
  const knowledge = own(
    'knowledge',
    await openKnowledge({
      db,
      neo4j: uri === undefined ? undefined : { uri, user, password },
      runbookFolders: runbooks === undefined ? [] : [pathToFileURL(`${runbooks}/`)],
      experienceForMs: EXPERIENCE_FOR_MS,
      clock,
      log,
    }),
  );
  const { explain, llm, budget } = await startExplaining({ variables: config, db, metrics, clock, log });

  const nats = own(
    'nats',
    await openNats({ url: config.NATS_URL, creds: config.NATS_CREDS, name: 'reasoning-service', metrics }, log),
  );
  await awaitStreams({ nats, log, signal });
  const relay = own('outbox', startOutboxRelay({ db, nats, service: 'reasoning-service', log, metrics }));
  exposeKnowledge({ ...knowledge, metrics, db });
  const onAnswered = (answers: readonly ReasoningAnswer[]) => {
    for (const answer of answers) answered(answer);
    relay.poke();
  };
  const metricCauses = (bundle: Bundle) => metricCausesOf(bundle, db);
  const answering = { ...knowledge, metricCauses, explain, clock, log };
  const isExplainedSlowly = llm.state === 'on';
  own('questions', await startAnswering({ ...answering, isExplainedSlowly, nats, db, onAnswered }));
  own('feedback', await startFeedback({ ...knowledge, nats, db, log }));
  const bringCases = () => knowledge.keepLibrary().then(knowledge.filing.flush);
  own('cases', startLoop({ name: 'cases', every: CASES_EVERY_MS, run: bringCases, log }));

  const ready = async () => ({
    postgres: await db.run(sql`select 1`).then(
      () => 'ok',
      () => 'does not answer',
    ),
    nats: nats.connected() ? 'ok' : 'not connected',
  });
  const spared = async () => ({ case_store: knowledge.isSilent() ? 'does not answer' : 'ok' });
  const onAnomaly = () => relay.poke();
  const observer = createObserver({ db, store: createWatchStore(db), onAnomaly });
  own('metrics', await startMetrics({ nats, db, observer, clock, log }));
  own('silence', startSweeping({ db, clock, log, onAnomaly }));
  own('forecasts', startForecasting({ db, clock, log, onAnomaly }));
  own('pruning', startPruning({ db, expiries: reasoningExpiries(config), clock, metrics, log }));
  const routes = [
    ...analysisRoutes({ ...answering, language: config.LLM_LANGUAGE }),
    ...rootCauseRoutes(),
    ...knowledgeRoutes({ ...knowledge, db, clock }),
    ...detectionRoutes({ observer: observeGiven({ observer, db, clock }), clock }),
    ...forecastRoutes({ ...knowledge, db, clock }),
    ...llmRoutes({ llm, budget, usage: createUsageView(db), clock }),
  ];
  const isMissed = llm.state === 'off' && config.LLM_PROVIDER !== 'off';
  const notes = () => ({
    case_store: knowledge.lastHeard(),
    ...(isMissed ? { language_model: `off: ${llm.reason}` } : {}),
  });
  const app = createApp({ ...about, routes, access, metrics, ready, spared, notes, log });
  own('http', await listen(app, config.PORT, config.LISTEN_HOST));
});
