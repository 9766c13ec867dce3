import { generateKeyPairSync, sign } from 'node:crypto';
import type { Diagnosis } from '@aetherius/shared/contracts';
import { createAccess, createApp, listen } from '@aetherius/shared/http';
import { createMetrics } from '@aetherius/shared/metrics';
import { ensureStreams, openNats } from '@aetherius/shared/nats';
import { aBundle, database, fakeClock, natsServer, silentLogger } from '@aetherius/shared/testing';
import { about } from '../src/about.ts';
import { startFeedback } from '../src/cases/consume.ts';
import { createObserver } from '../src/detection/observer.ts';
import { detectionRoutes } from '../src/detection/routes.ts';
import { createWatchStore } from '../src/detection/watch-store.ts';
import { forecastRoutes } from '../src/forecast/routes.ts';
import { knowledgeRoutes, openKnowledge } from '../src/knowledge.ts';
import type { Accuracy } from '../src/learning/accuracy.ts';
import type { Suggestions } from '../src/learning/suggestions.ts';
import type { Explainer } from '../src/llm/explain.ts';
import { observeGiven } from '../src/metrics/observe-given.ts';
import { startAnswering } from '../src/requests/consume.ts';
import { analysisRoutes } from '../src/requests/routes.ts';
import { rootCauseRoutes } from '../src/rootcause/routes.ts';

const log = silentLogger();
const cart = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
const pod = {
  metadata: { ownerReferences: [{ kind: 'Deployment', name: 'cart', controller: true }] },
  spec: { containers: [{ name: 'app', resources: { limits: { memory: '128Mi' } } }] },
  status: {
    containerStatuses: [
      {
        name: 'app',
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
      },
    ],
  },
};
export const bundle = aBundle({
  subject: cart,
  objects: [{ id: 'p', kind: 'Pod', namespace: 'shop', name: 'cart-1', body: pod }],
  events: [],
  logs: [],
  changes: [],
});

/** As much of the answers as is looked at here. */
type Body = {
  result: Diagnosis;
  overall: Accuracy['overall'];
  by_root_cause: Accuracy['by_root_cause'];
  prediction: Accuracy['prediction'];
  recommendation_adoption: Accuracy['recommendation_adoption'];
  recommendations: Accuracy['recommendations'];
  ratings: Accuracy['ratings'];
  suggestions: Suggestions['suggestions'];
  cases: { case_id: string }[];
  items: { id: string; ends: unknown }[];
  text: string;
  request_id: string;
  /** Of a refusal. */
  errors: { field: string; message: string }[];
};
type Answer = { status: number; body: Body };

/** The questions, ends and routes of the reasoning service around a database of their own. */
export async function learningRig() {
  const [server, test] = await Promise.all([
    natsServer(),
    database({ schema: 'reasoning_service', migrations: new URL('../migrations/', import.meta.url) }),
  ]);
  const { db } = test;
  const clock = fakeClock('2026-03-01T00:00:00.000Z');
  const nats = await openNats({ url: server.url, name: 'reasoning-service' }, log);
  await ensureStreams(nats);
  const knowledge = await openKnowledge({ db, neo4j: undefined, runbookFolders: [], experienceForMs: 0, clock, log });
  const answering = { ...knowledge, metricCauses: async () => null, clock, log };
  const explain: Explainer = async ({ diagnosis, incident_id }) => {
    if (incident_id?.startsWith('hopeless-')) throw new Error('cannot be answered');
    return diagnosis;
  };
  const consumers = [
    await startAnswering({ ...answering, explain, isExplainedSlowly: false, nats, db, onAnswered: () => undefined }),
    await startFeedback({ ...knowledge, nats, db, log }),
  ];
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const access = await createAccess({ publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() });
  const observer = createObserver({ db, store: createWatchStore(db), onAnomaly: () => undefined });
  const routes = [
    ...analysisRoutes({ ...answering, explain, language: 'en' }),
    ...knowledgeRoutes({ ...knowledge, db, clock }),
    ...rootCauseRoutes(),
    ...detectionRoutes({ observer: observeGiven({ observer, db, clock }), clock }),
    ...forecastRoutes({ ...knowledge, db, clock }),
  ];
  const http = await listen(
    createApp({ ...about, routes, access, metrics: createMetrics('x'), ready: async () => ({}), log }),
    0,
  );
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(Date.now() / 1000);
  const unsigned = `${part({ alg: 'EdDSA', typ: 'JWT' })}.${part({ iss: 'aetherius', sub: 'tester', roles: ['admin'], iat: seconds, exp: seconds + 600, jti: 't' })}`;
  const token = `${unsigned}.${sign(null, Buffer.from(unsigned), privateKey).toString('base64url')}`;
  const ask = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(`http://127.0.0.1:${http.port}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Body };
  };
  const stop = async () => {
    await http.stop();
    for (const one of consumers) await one.stop();
    await nats.stop();
    await server.stop();
    await test.drop();
  };
  return { db, nats, clock, answering, ask, stop };
}
