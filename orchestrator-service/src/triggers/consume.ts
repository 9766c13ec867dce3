import { channels, fingerprintOf, type InternalEvent, type RunProgress, seconds } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import type { Logger } from '@aetherius/shared/log';
import { consume, type Nats } from '@aetherius/shared/nats';
import { type Db, enqueue, firstTime, sql, type Tx, withTransaction } from '@aetherius/shared/postgres';
import { definitionStore } from '../definitions/definition-store.ts';
import { strategyStore } from '../definitions/strategy-store.ts';
import { controlStore } from '../engine/control-store.ts';
import { storeBlob } from '../engine/journal-store.ts';
import { runStore } from '../engine/run-store.ts';
import { bestStrategy } from './match.ts';

const CONSUMER = 'triggers';

type Needs = { db: Db; newId: () => string; wake: () => void; log: Logger };

/** Starts, feeds and stops runs as the manager tells of incidents. */
export const startTriggers = ({ nats, ...needs }: Needs & { nats: Nats }): Promise<{ stop(): Promise<void> }> =>
  consume({
    nats,
    service: 'orchestrator-service',
    purpose: 'incidents',
    stream: 'INTERNAL',
    channel: channels.incidents,
    log: needs.log,
    handle: async ({ body, id }) => {
      await withTransaction(needs.db, async (tx) => {
        if (await firstTime(tx, CONSUMER, id)) await react(tx, body, needs);
      });
      needs.wake();
    },
  });

/** One episode of an incident has one run, however often it is told. */
const triggerKeyOf = ({ incident_id, episode }: Pick<InternalEvent, 'incident_id' | 'episode'>): string =>
  `${incident_id}:${episode}`;

/** What one message about an incident means for its run. */
async function react(tx: Tx, event: InternalEvent, needs: Omit<Needs, 'db' | 'wake'>): Promise<void> {
  switch (event.phase) {
    case 'opened':
      return begin(tx, event, needs);
    case 'changed':
      if (event.bundle === null) return;
      await controlStore.renewEvidence(tx, triggerKeyOf(event), { bundle: event.bundle, reasons: event.reasons });
      return;
    default:
      await controlStore.stop(tx, triggerKeyOf(event), event.phase);
  }
}

async function begin(tx: Tx, event: InternalEvent, { newId, log }: Omit<Needs, 'db' | 'wake'>): Promise<void> {
  const strategy = bestStrategy(await strategyStore.bodies(tx), event);
  if (strategy === undefined) {
    log.warn({ incident_id: event.incident_id, kind: event.subject.kind }, 'no strategy for an incident');
    return handOver(tx, event);
  }
  const definition = await definitionStore.latest(tx, strategy.workflow);
  if (definition === undefined) throw errors.not_found({ workflow: strategy.workflow, strategy: strategy.name });
  const { incident_id, episode, cluster_id, severity, reason, subject } = event;
  const id = newId();
  const started = await runStore.insert(tx, {
    id,
    definition: definition.name,
    version: definition.version,
    strategy,
    requester: `strategy:${strategy.name}`,
    incident: { id: incident_id, episode, cluster_id, severity, reason, reasons: event.reasons, subject },
    target: fingerprintOf(cluster_id, subject),
    trigger_key: triggerKeyOf(event),
    bundle_hash: event.bundle === null ? null : await storeBlob(tx, event.bundle),
    timeout_s: seconds(definition.source.timeout),
  });
  if (started) log.info({ run_id: id, incident_id, strategy: strategy.name }, 'run started');
}

/** An incident that no strategy answers is a person's from the start; the id says that there is no run to look up. */
async function handOver(tx: Tx, event: InternalEvent): Promise<void> {
  const body: RunProgress = {
    incident_id: event.incident_id,
    episode: event.episode,
    run_id: `no-run:${triggerKeyOf(event)}`,
    revision: 1,
    phase: 'escalated',
    diagnosis: null,
    action: null,
    outcome: 'not_repaired',
    note: 'no strategy: nothing answers an incident of this kind by itself; a person has to look',
    at: (await tx.one<{ now: string }>(sql`select now() as now`)).now,
  };
  await enqueue(tx, { subject: channels.progress.pattern, body });
}
