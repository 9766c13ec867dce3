import {
  channels,
  fingerprintOf,
  type InternalEvent,
  type RunProgress,
  type Strategy,
  seconds,
} from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import type { Logger } from '@aetherius/shared/log';
import { consumeBatch, type Nats } from '@aetherius/shared/nats';
import { type Db, enqueue, firstTimes, sql, type Tx, withTransaction } from '@aetherius/shared/postgres';
import { currentTraceparent, inTrace } from '@aetherius/shared/tracing';
import { definitionStore, type Newest } from '../definitions/definition-store.ts';
import { strategyStore } from '../definitions/strategy-store.ts';
import { controlStore } from '../engine/control-store.ts';
import { storeBlob } from '../engine/journal-store.ts';
import { type NewRun, runStore } from '../engine/run-store.ts';
import { allKeysOf, isWorthAnotherLook, triggerKeyOf } from './another-look.ts';
import { bestStrategy } from './match.ts';

const CONSUMER = 'triggers';

type Needs = {
  db: Db;
  newId: () => string;
  wake: () => void;
  taken?: (event: InternalEvent) => void;
  /** An incident that no strategy answers. */
  unanswered?: () => void;
  log: Logger;
};

type Reacting = Pick<Needs, 'newId' | 'log' | 'unanswered'> & { answers: Answers; begun: NewRun[] };

/** The strategies and the workflows that they name, each read once for all incidents of a batch. */
type Answers = {
  strategies: () => Promise<Strategy[]>;
  workflow: (name: string) => Promise<Newest | undefined>;
};

function createAnswers(tx: Tx): Answers {
  let strategies: Promise<Strategy[]> | undefined;
  const workflows = new Map<string, Promise<Newest | undefined>>();
  return {
    strategies: () => {
      strategies ??= strategyStore.bodies(tx);
      return strategies;
    },
    workflow: (name) => {
      const read = workflows.get(name) ?? definitionStore.newest(tx, name);
      workflows.set(name, read);
      return read;
    },
  };
}

const INCIDENTS_AT_ONCE = 50;

/** Starts, feeds and stops runs as the manager tells of incidents; a storm of them shares its commits. */
export const startTriggers = ({ nats, ...needs }: Needs & { nats: Nats }): Promise<{ stop(): Promise<void> }> =>
  consumeBatch({
    nats,
    service: 'orchestrator-service',
    purpose: 'incidents',
    stream: 'INTERNAL',
    channel: channels.incidents,
    size: INCIDENTS_AT_ONCE,
    log: needs.log,
    handle: async (messages) => {
      await withTransaction(needs.db, async (tx) => {
        const ids = messages.map(({ id }) => id);
        const fresh = await firstTimes(tx, CONSUMER, ids);
        const reacting = { ...needs, answers: createAnswers(tx), begun: [] };
        for (const { body, id, traceparent } of messages)
          if (fresh.delete(id)) await inTrace(traceparent, () => react(tx, body, reacting));
        await start(tx, reacting);
      });
      for (const { body } of messages) if (body.phase === 'opened') needs.taken?.(body);
      needs.wake();
    },
  });

/** What one message about an incident means for its run. */
async function react(tx: Tx, event: InternalEvent, needs: Reacting): Promise<void> {
  if (event.phase === 'opened') return begin(tx, { event, key: triggerKeyOf(event) }, needs);
  // Its run may have begun just now.
  await start(tx, needs);
  if (event.phase === 'changed') await heed(tx, event, needs);
  else await controlStore.stop(tx, allKeysOf(event), event.phase);
}

/** Stores the runs that have begun, all at once. */
async function start(tx: Tx, { begun, log }: Reacting): Promise<void> {
  const runs = begun.splice(0);
  if (runs.length === 0) return;
  const started = await runStore.insert(tx, runs);
  for (const { id, incident, strategy, traceparent } of runs)
    if (started.has(id))
      inTrace(traceparent, () =>
        log.info({ run_id: id, incident_id: incident.id, strategy: strategy?.name }, 'run started'),
      );
}

/** More was noticed: for the run that is under way, or for another look when the last one found no cause. */
async function heed(tx: Tx, event: InternalEvent, needs: Reacting): Promise<void> {
  const runs = await controlStore.runsOf(tx, allKeysOf(event));
  const last = runs.at(-1);
  if (last?.finished_at === null) {
    if (event.bundle !== null)
      await controlStore.renewEvidence(tx, last.id, { bundle: event.bundle, reasons: event.reasons });
    return;
  }
  const key = allKeysOf(event)[runs.length];
  if (last !== undefined && key !== undefined && isWorthAnotherLook(last, event))
    await begin(tx, { event, key }, needs);
}

type Beginning = { event: InternalEvent; key: string };

async function begin(
  tx: Tx,
  { event, key }: Beginning,
  { newId, log, answers, begun, unanswered }: Reacting,
): Promise<void> {
  const strategy = bestStrategy(await answers.strategies(), event);
  if (strategy === undefined) {
    log.warn({ incident_id: event.incident_id, kind: event.subject.kind }, 'no strategy for an incident');
    unanswered?.();
    return handOver(tx, event);
  }
  const definition = await answers.workflow(strategy.workflow);
  if (definition === undefined) throw errors.not_found({ workflow: strategy.workflow, strategy: strategy.name });
  const { incident_id, episode, cluster_id, severity, reason, subject } = event;
  begun.push({
    id: newId(),
    definition: definition.name,
    version: definition.version,
    strategy,
    requester: `strategy:${strategy.name}`,
    incident: { id: incident_id, episode, cluster_id, severity, reason, reasons: event.reasons, subject },
    target: fingerprintOf(cluster_id, subject),
    trigger_key: key,
    bundle_hash: event.bundle === null ? null : await storeBlob(tx, event.bundle),
    traceparent: currentTraceparent() ?? null,
    timeout_s: seconds(definition.timeout),
  });
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
