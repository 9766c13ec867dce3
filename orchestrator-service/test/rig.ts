import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  agentSubject,
  Bundle,
  Command,
  type CommandReply,
  type CommandResult,
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
import { startAnswers, takeReply } from '../src/engine/consume.ts';
import { createEffectStore } from '../src/engine/effect-store.ts';
import type { RunRow } from '../src/engine/run.ts';
import { type Fault, startRunner } from '../src/engine/runner.ts';
import { orchestratorRoutes } from '../src/routes.ts';
import { startTriggers } from '../src/triggers/consume.ts';

export const CLUSTER = 'eu-1';
const log = silentLogger();
const shipped = fileURLToPath(new URL('../definitions', import.meta.url));

type Act = (command: Command) => Partial<CommandResult> | 'silent' | { refuse: string };

/** An agent that keeps one Deployment and one Node in memory, with the marks that its writes leave. */
export type FakeAgent = {
  /** Every command in the order in which it came. */
  received: Command[];
  /** Effects on the cluster: one entry for each write that was carried out. */
  effects: { id: string; action: string; revision: number }[];
  observes: ('met' | 'not_met' | 'unknown')[];
  /** Answers in place of the built-in behaviour; undefined leaves it. */
  instead: (command: Command) => ReturnType<Act> | undefined;
  publish: (command: Command, result: Partial<CommandResult>) => Promise<void>;
  /** Carries a write out without telling anybody. */
  carryOut: (command: Command) => Partial<CommandResult>;
};

async function startAgent(nats: Nats): Promise<FakeAgent & { stop(): Promise<void> }> {
  let revision = 2;
  const marks: string[] = [];
  const agent: FakeAgent = {
    received: [],
    effects: [],
    observes: [],
    instead: () => undefined,
    carryOut: (command) => change(command),
    publish: async (command, result) => {
      const body: CommandResult = {
        command_id: command.id,
        cluster_id: CLUSTER,
        issuer: command.issuer,
        status: 'done',
        reason: null,
        output: null,
        changed: null,
        started_at: new Date().toISOString(),
        duration: '1ms',
        ...result,
      };
      await nats.publish(agentSubject(CLUSTER, 'result'), body, { id: `${command.id}:result:${newId()}` });
    },
  };
  const object = () => ({
    metadata: {
      name: 'cart',
      namespace: 'shop',
      uid: 'u-1',
      annotations: { 'aetherius.io/commands': marks.join(',') },
      labels: {},
    },
  });
  const change = (command: Command): Partial<CommandResult> => {
    const before = { revision, image: `image-${revision}` };
    const after = { revision: revision + 1, image: `image-${revision - 1}` };
    const changed = { before, after, hash: `hash-of-${revision}` };
    if (command.expected !== null && command.expected !== changed.hash)
      return { status: 'refused', reason: 'changed_since' };
    if (!command.dry_run && !marks.includes(command.id)) {
      marks.push(command.id);
      revision += command.id.includes('/undo') ? -1 : 1;
      agent.effects.push({ id: command.id, action: command.action, revision });
    }
    return { changed, output: { undo: { action: 'rollback_workload', parameters: { to_revision: before.revision } } } };
  };
  const act: Act = (command) => {
    if (command.action === 'get') return { output: { object: object() } };
    if (command.action === 'observe') return { output: { observed: agent.observes.shift() ?? 'met' } };
    return change(command);
  };
  const { stop } = nats.listen(agentSubject(CLUSTER, 'command'), z.unknown(), async (body) => {
    const command = Command.parse(body);
    agent.received.push(command);
    const outcome = agent.instead(command) ?? act(command);
    if (outcome === 'silent') return reply(command);
    if ('refuse' in outcome) return { command_id: command.id, status: 'refused', reason: outcome.refuse };
    void agent.publish(command, outcome);
    return reply(command);
  });
  return Object.assign(agent, { stop });
}

const reply = (command: Command): CommandReply => ({ command_id: command.id, status: 'accepted', reason: null });

export type Rig = Awaited<ReturnType<typeof createRig>>;

/** The whole orchestrator but its HTTP face, between a real Postgres, a real nats-server, and fakes at both ends. */
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
  const agent = await startAgent(outside);
  const asked: string[] = [];
  const progress: RunProgress[] = [];
  const settings: { diagnosis: (bundle: Bundle) => Diagnosis | undefined; fault: Fault } = {
    diagnosis: (bundle) => rollBack(bundle.subject),
    fault: () => undefined,
  };
  const wake = () => nats.emit(WAKE_SUBJECT, {});
  const relay = startOutboxRelay({ db, nats, service: 'orchestrator-service', log, onReply: takeReply({ wake }) });
  const effects = createEffectStore({ newId, notify: false });
  const runners = ['one', 'two'].map((owner) =>
    startRunner({
      db,
      effects,
      owner,
      protectedNamespaces: ['kube-system'],
      log,
      sent: relay.poke,
      fault: (point, run) => settings.fault(point, run),
    }),
  );
  const hint = nats.listen(WAKE_SUBJECT, z.unknown(), async () => {
    for (const runner of runners) runner.poke();
    return undefined;
  });
  const parts = [
    ...(await startAnswers({ db, nats, wake, log })),
    await startTriggers({ db, nats, newId, wake, log }),
    await consume({
      nats: outside,
      service: 'outside',
      purpose: 'questions',
      stream: 'REASONING',
      channel: channels.question,
      log,
      handle: async ({ body }) => {
        asked.push(body.id);
        const diagnosis = settings.diagnosis(body.bundle);
        if (diagnosis === undefined) return;
        const answer = { id: body.id, incident_id: body.incident_id, diagnosis, duration_ms: 1 };
        await outside.publish(channels.answer.pattern, answer, { id: newId() });
      },
    }),
    await consume({
      nats: outside,
      service: 'outside',
      purpose: 'progress',
      stream: 'RUNS',
      channel: channels.progress,
      log,
      handle: async ({ body }) => {
        progress.push(body);
      },
    }),
  ];
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const access = await createAccess({ publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() });
  const routes = orchestratorRoutes({ db, effects, newId, wake });
  const metrics = createMetrics('orchestrator-service');
  const http = await listen(createApp({ ...about, routes, access, metrics, ready: async () => ({}), log }), 0);
  const call = async (line: string, { as, body }: { as: string; body?: unknown }) => {
    const [method = 'GET', path = ''] = line.split(' ');
    const token = tokenOf(privateKey, as);
    const response = await fetch(`http://127.0.0.1:${http.port}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    });
    return { status: response.status, body: Reply.parse(await response.json()) };
  };
  const tell = (event: Parameters<typeof anIncident>[0]) =>
    outside.publish('internal.event.critical', anIncident(event), { id: newId() });
  return {
    db,
    nats,
    agent,
    asked,
    progress,
    settings,
    effects,
    wake,
    tell,
    call,
    /** Lets the time of every open step of a run be over. */
    timePasses: async (run_id: string) => {
      await db.run(sql`update step set deadline = now() where run_id = ${run_id} and status = 'started'`);
      await db.run(sql`update run set wake_at = now() where id = ${run_id} and status = 'waiting'`);
      wake();
    },
    runOf: (incident_id: string) => runOf(db, incident_id),
    ended: (incident_id: string, within = 15_000) =>
      eventually(
        async () => {
          const run = await runOf(db, incident_id);
          if (run.finished_at === null) throw new Error(`the run is ${run.status} in phase ${run.phase}`);
          return run;
        },
        { within },
      ),
    stop: async () => {
      await http.stop();
      await hint.stop();
      for (const part of [...parts, ...runners, relay, agent]) await part.stop();
      await outside.stop();
      await nats.stop();
      await drop();
      await server.stop();
    },
  };
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

const Reply = z.record(z.string(), z.any());

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
