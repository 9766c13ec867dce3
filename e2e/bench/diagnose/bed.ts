import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHome, openKeys, startService, type TestEnvironment } from '@aetherius/local';
import { type Bundle, channels, servicePermissions } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { createLogger } from '@aetherius/shared/log';
import { consume, ensureStreams, type Nats } from '@aetherius/shared/nats';
import { openPool, sql } from '@aetherius/shared/postgres';
import { freePort, newId } from '@aetherius/shared/service';
import { startBus, watcher } from '../bus.ts';

const SCHEMA = 'reasoning_service';
const ASKER = 'orchestrator-service';
/** Handing an answer back must not be what is measured. */
const ANSWERS_AT_ONCE = 256;
const ANSWERED_WITHIN_MS = 60_000;

type Asking = { questions: number; atOnce: number };

/** A process of the reasoning service on a database and a bus of its own, and one who asks it as the orchestrator does. */
export async function openBed(env: TestEnvironment) {
  const url = env.AETHERIUS_TEST_DATABASE_URL;
  const home = openHome(mkdtempSync(join(tmpdir(), 'aetherius-bench-')));
  const db = await openPool({ url, schema: SCHEMA, max: 1 });
  await db.run(sql`create schema if not exists ${sql.raw(SCHEMA)}`);
  const bus = await startBus(home, env.AETHERIUS_NATS_SERVER);
  const asker = await bus.open(ASKER, servicePermissions(ASKER));
  const maker = await bus.open(...watcher);
  await ensureStreams(maker);
  await maker.stop();
  const service = await startService({
    name: 'reasoning-service',
    label: 'reasoning-service',
    port: await freePort(),
    home,
    given: process.env,
    env: {
      DATABASE_URL: url,
      NATS_URL: bus.url,
      NATS_CREDS: await bus.creds('reasoning-service', servicePermissions('reasoning-service')),
      AUTH_PUBLIC_KEY_FILE: openKeys(home.secrets).publicKeyFile,
      LOG_LEVEL: 'warn',
    },
  });
  const { ask, stop: stopAsking } = await startAsking(asker);
  return {
    /** Asks about the bundles in turn, so many at once, and tells how long each answer took. */
    askAll: async (bundles: readonly Bundle[], { questions, atOnce }: Asking): Promise<number[]> => {
      const took: number[] = [];
      const asked = Array.from({ length: questions }, (_, at) => bundles[at % bundles.length]).values();
      const askOn = async () => {
        for (const bundle of asked) if (bundle !== undefined) took.push(await ask(bundle));
      };
      await Promise.all(Array.from({ length: atOnce }, askOn));
      return took;
    },
    stop: async () => {
      await stopAsking();
      await service.stop();
      await asker.stop();
      await bus.stop();
      await db.stop();
      rmSync(home.path, { recursive: true, force: true });
    },
  };
}

/** Puts questions on the bus and waits for their answers. */
async function startAsking(nats: Nats) {
  const waiting = new Map<string, () => void>();
  const { stop } = await consume({
    nats,
    log: createLogger('bench', 'error'),
    service: ASKER,
    purpose: 'answers',
    stream: 'REASONING',
    channel: channels.answer,
    concurrency: ANSWERS_AT_ONCE,
    handle: async ({ body }) => waiting.get(body.id)?.(),
  });
  /** Milliseconds until the answer is there. */
  async function ask(bundle: Bundle): Promise<number> {
    const id = newId();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const late = setTimeout(() => reject(errors.unavailable({ question: 'was not answered' })), ANSWERED_WITHIN_MS);
    waiting.set(id, resolve);
    const from = performance.now();
    try {
      const question = { id, incident_id: id, question: 'root_cause' as const, reasons: [], bundle };
      await Promise.all([nats.publish(channels.question.pattern, question, { id }), promise]);
      return performance.now() - from;
    } finally {
      clearTimeout(late);
      waiting.delete(id);
    }
  }
  return { ask, stop };
}
