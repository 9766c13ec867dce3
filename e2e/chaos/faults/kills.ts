import type { ServiceUser } from '@aetherius/shared/contracts';
import { COMMANDS_ANNOTATION } from '@aetherius/shared/contracts';
import { sql } from '@aetherius/shared/postgres';
import { sleep } from '@aetherius/shared/service';
import type { Fault } from '../fault.ts';
import { atPoint, type Point } from '../hold-point.ts';
import { signal } from '../signals.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';

/** What holds the point is let go once the process is dead; the repair of a workload of its own leads there. */
async function killedAt(stage: Stage, service: ServiceUser, { name, point }: Named): Promise<void> {
  let back: Promise<void> | undefined;
  await atPoint(stage.db, point, {
    cause: () => stage.cluster.breakOne(name),
    work: async () => {
      back = stage.fleet.crash(service);
      await sleep(300);
    },
  });
  await back;
}

/** Committed and not told to anybody: the bus stands still when the transaction commits, and the service dies. */
async function killedUntold(stage: Stage, service: ServiceUser): Promise<void> {
  const table = `${service.replaceAll('-', '_')}.outbox`;
  try {
    await atPoint(
      stage.db,
      { table, on: 'insert' },
      {
        cause: () => stage.cluster.breakOne(`untold-by-${service}`),
        work: async () => signal(stage, 'nats', 'SIGSTOP'),
        commits: true,
      },
    );
    const waiting = async () => {
      const { rows } = await stage.db.one<{ rows: number }>(sql`select count(*) as rows from ${sql.raw(table)}`);
      return rows > 0 ? [] : [`nothing lies in ${table}`];
    };
    await until(waiting, { seconds: 30 });
    const back = stage.fleet.crash(service);
    await sleep(300);
    signal(stage, 'nats', 'SIGCONT');
    await back;
  } finally {
    signal(stage, 'nats', 'SIGCONT');
  }
}

type Named = { name: string; point: Point };

const killedAtPoints = (service: ServiceUser, points: readonly Named[]): Fault => ({
  name: `kill-${service}`,
  alone: true,
  inject: async (stage) => {
    for (const named of points) await killedAt(stage, service, named);
  },
});

const outboxOf = (schema: string): Named[] => [
  { name: 'before-commit', point: { table: `${schema}.outbox`, on: 'insert' } },
  { name: 'sent-not-removed', point: { table: `${schema}.outbox`, on: 'delete' } },
];

const atRandom = (service: ServiceUser, stage: Stage) => async () => {
  await sleep(500 + Math.random() * 3_000);
  await stage.fleet.crash(service);
};

/** What a killed agent was observing is looked at again when the time of that step is over. */
const OBSERVED_AGAIN_S = 360;

/** Kills an agent with a write on its way, and again when the write is made and nobody was told. */
const agentAroundWrite: Fault = {
  name: 'kill-collect-agent',
  alone: false,
  within: OBSERVED_AGAIN_S,
  inject: async (stage) => {
    const { cluster, agent } = stage;
    await onceIn(
      (strike) => {
        cluster.fault = (point, { verb, kind }) => {
          if (point !== 'request' || verb !== 'patch' || kind.kind !== 'Deployment') return undefined;
          cluster.fault = undefined;
          strike();
          return 'silence';
        };
        cluster.breakOne('write-on-its-way');
      },
      () => agent.crash(),
    );
    await onceIn(
      (strike) => {
        const stop = cluster.store.subscribe(({ object }) => {
          if (object.metadata.name !== 'write-made' || object.metadata.annotations?.[COMMANDS_ANNOTATION] === undefined)
            return;
          stop();
          strike();
        });
        cluster.breakOne('write-made');
      },
      () => agent.crash(),
    );
    await sleep(Math.random() * 3_000);
    await agent.crash();
  },
};

const STRIKES_WITHIN_MS = 120_000;

/** Waits for the moment, which is told from within a listener, and acts in it. */
async function onceIn(arm: (strike: () => void) => void, act: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the agent wrote nothing')), STRIKES_WITHIN_MS);
    arm(() => {
      clearTimeout(late);
      act().then(resolve, reject);
    });
  });
}

/** SIGKILL of each service at each point that a lost or doubled write would come from, and at random. */
export const kills: readonly Fault[] = [
  killedAtPoints('agent-manager', [
    { name: 'event-stored', point: { table: 'agent_manager.event', on: 'insert' } },
    { name: 'incident-opened', point: { table: 'agent_manager.incident', on: 'insert' } },
    { name: 'progress-taken', point: { table: 'agent_manager.progress', on: 'insert' } },
    ...outboxOf('agent_manager'),
  ]),
  killedAtPoints('orchestrator-service', [
    { name: 'run-made', point: { table: 'orchestrator_service.run', on: 'insert' } },
    { name: 'claimed', point: { table: 'orchestrator_service.run', on: 'update', when: "new.status = 'running'" } },
    {
      name: 'planned',
      point: {
        table: 'orchestrator_service.run',
        on: 'update',
        when: "old.status = 'running' and new.status <> 'running'",
      },
    },
    { name: 'write-planned', point: { table: 'orchestrator_service.write', on: 'insert' } },
    ...outboxOf('orchestrator_service'),
  ]),
  killedAtPoints('reasoning-service', [
    { name: 'answered', point: { table: 'reasoning_service.answered', on: 'insert' } },
    ...outboxOf('reasoning_service'),
  ]),
  {
    name: 'kill-untold',
    alone: true,
    inject: async (stage) => {
      for (const service of ['agent-manager', 'orchestrator-service'] as const) await killedUntold(stage, service);
    },
  },
  agentAroundWrite,
  {
    name: 'kill-at-random',
    alone: true,
    within: OBSERVED_AGAIN_S,
    inject: async (stage) => {
      const services = ['agent-manager', 'orchestrator-service', 'reasoning-service'] as const;
      await Promise.all([...services.map((name) => atRandom(name, stage)()), stage.agent.crash()]);
      await Promise.all(services.map((name) => atRandom(name, stage)()));
    },
  },
];
