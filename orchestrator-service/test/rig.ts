import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  Bundle,
  channels,
  type Diagnosis,
  type InternalEvent,
  type JsonObject,
  type RunProgress,
  type Subject,
  WAKE_SUBJECT,
} from '@aetherius/shared/contracts';
import { createAccess, createApp, listen } from '@aetherius/shared/http';
import { createMetrics } from '@aetherius/shared/metrics';
import { consume, ensureStreams, type Nats, openNats } from '@aetherius/shared/nats';
import { type Db, sql, startOutboxRelay } from '@aetherius/shared/postgres';
import { newId } from '@aetherius/shared/service';
import { aDiagnosis, database, eventually, natsServer, silentLogger } from '@aetherius/shared/testing';
import { z } from 'zod';
import { about } from '../src/about.ts';
import { importFiles } from '../src/definitions/import-files.ts';
import type { Fault } from '../src/engine/advance-runs.ts';
import { startAnswers, takeReply } from '../src/engine/consume.ts';
import { createEffectStore } from '../src/engine/effect-store.ts';
import type { RunRow } from '../src/engine/run.ts';
import { startRunner } from '../src/engine/runner.ts';
import { createTrees } from '../src/engine/trees.ts';
import { orchestratorRoutes } from '../src/routes.ts';
import { startTriggers } from '../src/triggers/consume.ts';
import { CLUSTER, startFakeAgent } from './fake-agent.ts';

const log = silentLogger();
const shipped = fileURLToPath(new URL('../definitions', import.meta.url));

export type Rig = Awaited<ReturnType<typeof createRig>>;

/** What a test may change while the rig runs. */
type Settings = { diagnosis: (bundle: Bundle) => Diagnosis | undefined; fault: Fault };
type Part = { stop(): Promise<void> };

/** The whole orchestrator, with two runners, between a real Postgres, a real nats-server, and fakes at both ends. */
export async function createRig() {
  const server = await natsServer();
  const { db, drop } = await database({
    schema: 'orchestrator_service',
    migrations: new URL('../migrations/', import.meta.url),
  });
  const nats = await openNats({ url: server.url, name: 'orchestrator-service' }, log);
  const outside = await openNats({ url: server.url, name: 'outside' }, log);
  await ensureStreams(nats);
  await importFiles({ db, folder: shipped, log });
  const settings: Settings = { diagnosis: (bundle) => rollBack(bundle.subject), fault: () => undefined };
  const agent = startFakeAgent(outside);
  const wake = () => nats.emit(WAKE_SUBJECT, {});
  const { asked, progress, parts: outsiders } = await startOutside(outside, settings);
  const { call, parts } = await startOrchestrator({ db, nats, settings, wake });
  return {
    db,
    nats,
    agent,
    asked,
    progress,
    settings,
    call,
    tell: (event: Parameters<typeof anIncident>[0]) =>
      outside.publish('internal.event.critical', anIncident(event), { id: newId() }),
    timePasses: (run_id: string) => timePasses(db, run_id).then(wake),
    runOf: (incident_id: string) => runOf(db, incident_id),
    ended: (incident_id: string, within = 15_000) => eventually(() => endedRun(db, incident_id), { within }),
    stop: async () => {
      for (const part of [...parts, ...outsiders, agent, outside, nats]) await part.stop();
      await drop();
      await server.stop();
    },
  };
}

/** Reasoning, and an ear for what the manager is told. */
async function startOutside(nats: Nats, settings: Settings) {
  const asked: string[] = [];
  const progress: RunProgress[] = [];
  const service = 'outside';
  const parts: Part[] = [
    await consume({
      ...{ nats, service, purpose: 'questions', stream: 'REASONING', channel: channels.question, log },
      handle: async ({ body }) => {
        asked.push(body.id);
        const diagnosis = settings.diagnosis(body.bundle);
        if (diagnosis === undefined) return;
        const answer = { id: body.id, incident_id: body.incident_id, diagnosis, duration_ms: 1 };
        await nats.publish(channels.answer.pattern, answer, { id: newId() });
      },
    }),
    await consume({
      ...{ nats, service, purpose: 'progress', stream: 'RUNS', channel: channels.progress, log },
      handle: async ({ body }) => {
        progress.push(body);
      },
    }),
  ];
  return { asked, progress, parts };
}

type Inside = { db: Db; nats: Nats; settings: Settings; wake: () => void };

async function startOrchestrator({ db, nats, settings, wake }: Inside) {
  const relay = startOutboxRelay({ db, nats, service: 'orchestrator-service', log, onReply: takeReply({ wake }) });
  const effects = createEffectStore({ newId, notify: false });
  const fault: Fault = (point, run) => settings.fault(point, run);
  const engine = {
    ...{ db, effects, trees: createTrees(), protectedNamespaces: ['kube-system'], log, sent: relay.poke, fault },
  };
  const runners = ['one', 'two'].map((owner) => startRunner({ ...engine, owner }));
  const hint = nats.listen(WAKE_SUBJECT, z.unknown(), async () => {
    for (const runner of runners) runner.poke();
    return undefined;
  });
  const { call, http } = await startHttp({ db, effects, newId, wake, log });
  const consumers = [
    ...(await startAnswers({ engine, nats, wake })),
    await startTriggers({ db, nats, newId, wake, log }),
  ];
  const parts: Part[] = [http, hint, ...consumers, ...runners, relay];
  return { call, parts };
}

const Reply = z.record(z.string(), z.any());

/** `call` asks as someone whose role stands before the colon of the name: `admin:eve`. */
async function startHttp(needs: Parameters<typeof orchestratorRoutes>[0]) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const access = await createAccess({ publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() });
  const metrics = createMetrics('orchestrator-service');
  const app = createApp({ ...about, routes: orchestratorRoutes(needs), access, metrics, ready: async () => ({}), log });
  const http = await listen(app, 0);
  const call = async (line: string, { as, body }: { as: string; body?: unknown }) => {
    const [method = 'GET', path = ''] = line.split(' ');
    const response = await fetch(`http://127.0.0.1:${http.port}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${tokenOf(privateKey, as)}`, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    });
    return { status: response.status, body: Reply.parse(await response.json()) };
  };
  return { call, http };
}

/** Lets the time of every open step of a run be over. */
async function timePasses(db: Db, run_id: string): Promise<void> {
  await db.run(sql`update step set deadline = now() where run_id = ${run_id} and status = 'started'`);
  await db.run(sql`update run set wake_at = now() where id = ${run_id} and status = 'waiting'`);
}

async function endedRun(db: Db, incident_id: string): Promise<RunRow> {
  const run = await runOf(db, incident_id);
  if (run.finished_at === null) throw new Error(`the run is ${run.status} in phase ${run.phase}`);
  return run;
}

/** An access token as the manager signs them; the role stands before the colon of the name. */
function tokenOf(key: KeyObject, name: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    sub: name,
    iss: 'aetherius',
    exp: Math.floor(Date.now() / 1000) + 3600,
    roles: [name.split(':')[0]],
  };
  const text = `${part({ alg: 'EdDSA' })}.${part(claims)}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

const runOf = (db: Db, incident_id: string): Promise<RunRow> =>
  db.one<RunRow>(sql`select * from run where incident ->> 'id' = ${incident_id} order by created_at desc limit 1`);

const workload = (name: string, namespace = 'shop'): Subject => ({ kind: 'Deployment', namespace, name });

export const evidence = (subject: Subject, at = '2026-01-02T03:04:05.000Z'): Bundle =>
  Bundle.parse({ cluster: CLUSTER, at, subject });

/** A diagnosis that recommends going back to the last revision. */
export const rollBack = (target: Subject): Diagnosis => {
  const diagnosis = aDiagnosis({ subject: target });
  return { ...diagnosis, recommendations: diagnosis.recommendations.map((one) => ({ ...one, target })) };
};

/** An incident of a Deployment that is called like it. */
function anIncident(event: Partial<InternalEvent> & { incident_id: string; namespace?: string }): InternalEvent {
  const { namespace, ...rest } = event;
  const subject = workload(event.incident_id, namespace);
  return {
    episode: 1,
    phase: 'opened',
    cluster_id: CLUSTER,
    severity: 'critical',
    reason: 'CrashLoopBackOff',
    reasons: ['CrashLoopBackOff'],
    subject,
    at: new Date().toISOString(),
    bundle: evidence(subject),
    ...rest,
  };
}

export type Step = {
  path: string;
  kind: string;
  status: string;
  output: JsonObject | null;
  reason: string | null;
  late_result: JsonObject | null;
};

export const stepsOf = (db: Db, run_id: string): Promise<Step[]> =>
  db.many<Step>(
    sql`select path, kind, status, output, reason, late_result from step where run_id = ${run_id} order by seq`,
  );
