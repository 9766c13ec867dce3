import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openHome, openKeys, startService, type TestEnvironment } from '@aetherius/local';
import { agentPermissions, type InternalEvent, servicePermissions } from '@aetherius/shared/contracts';
import { ensureStreams } from '@aetherius/shared/nats';
import { openPool, sql } from '@aetherius/shared/postgres';
import { freePort, newId } from '@aetherius/shared/service';
import { startBus } from '../bus.ts';
import { parentOf } from '../process-usage.ts';
import { CLUSTER, startAskedAgent } from './asked-agent.ts';

const definitions = fileURLToPath(new URL('definitions', import.meta.url));
const SCHEMA = 'orchestrator_service';

/** One process of the orchestrator. */
export type Replica = Awaited<ReturnType<typeof startService>>;
export type Bed = Awaited<ReturnType<typeof openBed>>;

/** A database, a bus and an agent that answers, for replicas that are processes of their own. */
export async function openBed(env: TestEnvironment) {
  const url = env.AETHERIUS_TEST_DATABASE_URL;
  const home = openHome(mkdtempSync(join(tmpdir(), 'aetherius-bench-')));
  const db = await openPool({ url, schema: SCHEMA });
  await db.run(sql`create schema if not exists ${sql.raw(SCHEMA)}`);
  const bus = await startBus(home, env.AETHERIUS_NATS_SERVER);
  const manager = await bus.open('agent-manager', servicePermissions('agent-manager'));
  await ensureStreams(manager);
  const outside = await bus.open(CLUSTER, agentPermissions(CLUSTER));
  const agent = startAskedAgent(outside);
  const creds = await bus.creds('orchestrator-service', servicePermissions('orchestrator-service'));
  const keys = openKeys(home.secrets);
  const replicas: Replica[] = [];
  return {
    db,
    agent,
    busPid: bus.pid,
    postgresPid: parentOf((await db.one<{ pid: number }>(sql`select pg_backend_pid() as pid`)).pid),
    addReplica: async (label: string): Promise<Replica> => {
      const env = {
        DATABASE_URL: url,
        NATS_URL: bus.url,
        NATS_CREDS: creds,
        AUTH_PUBLIC_KEY_FILE: keys.publicKeyFile,
        DEFINITIONS_DIR: definitions,
        LOG_LEVEL: 'warn',
      };
      const place = { label, port: await freePort(), home, given: process.env };
      const replica = await startService({ name: 'orchestrator-service', ...place, env });
      replicas.push(replica);
      return replica;
    },
    /** Tells of one incident for each name; their reason decides the workflow. */
    tell: (names: readonly string[], reasonOf: (at: number) => string) =>
      Promise.all(
        names.map((name, at) =>
          manager.publish('internal.event.critical', anIncident(name, reasonOf(at)), { id: newId() }),
        ),
      ),
    stop: async () => {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await agent.stop();
      await outside.stop();
      await manager.stop();
      await bus.stop();
      await db.stop();
      rmSync(home.path, { recursive: true, force: true });
    },
  };
}

const anIncident = (name: string, reason: string): InternalEvent => ({
  incident_id: name,
  episode: 1,
  phase: 'opened',
  cluster_id: CLUSTER,
  severity: 'critical',
  reason,
  reasons: [reason],
  subject: { kind: 'Deployment', namespace: 'shop', name },
  at: new Date().toISOString(),
  bundle: null,
});
