import { channels, clusterOf, type DeadLetter, type Event } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import type { Registry } from '@aetherius/shared/metrics';
import { consumeBatch, type Message, type Nats } from '@aetherius/shared/nats';
import { type Db, enqueue, type Tx, withTransaction } from '@aetherius/shared/postgres';
import type { Fact } from '../incidents/correlate.ts';
import { acceptedEvent } from './accepted-event.ts';
import { anomalyEvent } from './anomaly-event.ts';
import type { EventStore, HeardEvent } from './event-store.ts';
import { createIngestMetrics } from './ingest-metrics.ts';

type Deps = {
  db: Db;
  events: EventStore;
  correlate: (tx: Tx, facts: readonly Fact[]) => Promise<void>;
  now: () => Date;
};

/** Stores events and moves incidents in one transaction: both happen, once, or neither. */
export type Ingest = {
  record(messages: readonly Event[]): Promise<number>;
  take(messages: readonly Message<Event>[]): Promise<number>;
};

export function createIngest({ db, events, correlate, now }: Deps): Ingest {
  const store = async (tx: Tx, batch: readonly HeardEvent[]): Promise<number> => {
    if (batch.length === 0) return 0;
    const received = now();
    await events.touchClusters(
      tx,
      batch.map((event) => event.cluster_id),
      received,
    );
    const facts = await events.insert(tx, batch, received);
    if (facts.length > 0) await correlate(tx, facts);
    return facts.length;
  };
  return {
    record: (batch) => withTransaction(db, (tx) => store(tx, batch)),
    take: (messages) =>
      withTransaction(db, async (tx) => {
        const strangers = messages.filter((message) => !speaksForItself(message));
        for (const message of strangers) await bury(tx, message, now());
        return store(
          tx,
          messages.filter(speaksForItself).map(({ body, traceparent = null }) => ({ ...body, traceparent })),
        );
      }),
  };
}

/** The cluster in the subject is the one that the bus has checked; a body that names another is not believed. */
const speaksForItself = ({ subject, body }: Message<Event>): boolean => clusterOf(subject) === body.cluster_id;

async function bury(tx: Tx, message: Message<Event>, at: Date): Promise<void> {
  const letter: DeadLetter = {
    subject: message.subject,
    message_id: message.id,
    problem: `cluster_id is ${message.body.cluster_id}, but the subject speaks for ${clusterOf(message.subject)}`,
    deliveries: message.deliveries,
    data: Buffer.from(JSON.stringify(message.body))
      .subarray(0, 512 * 1024)
      .toString('base64'),
    at: at.toISOString(),
  };
  await enqueue(tx, { subject: 'dead.agent-manager', body: letter });
}

type Consuming = { nats: Nats; ingest: Ingest; metrics: Registry; log: Logger; now: () => Date; done: () => void };

/** Takes events off the stream in batches; they are acknowledged once they are committed. */
export function startIngest({ nats, ingest, metrics, log, now, done }: Consuming): Promise<{ stop(): Promise<void> }> {
  const figures = createIngestMetrics(metrics);
  const count = (messages: readonly Message<Event>[], fresh: number): void => {
    const strange = messages.filter((message) => !speaksForItself(message)).length;
    figures.received.inc(messages.length);
    figures.processed.inc(fresh);
    figures.dropped.inc(strange);
    figures.kinds.inc({ kind: 'new' }, fresh);
    figures.kinds.inc({ kind: 'foreign' }, strange);
    figures.kinds.inc({ kind: 'repeated' }, messages.length - fresh - strange);
    for (const { body } of messages)
      figures.age.observe(Math.max(0, now().getTime() - Date.parse(body.reported_at)) / 1000);
  };
  return consumeBatch({
    nats,
    service: 'agent-manager',
    purpose: 'events',
    stream: 'AGENT_EVENTS',
    channel: acceptedEvent,
    size: 500,
    log,
    handle: async (messages) => {
      const end = figures.batch.startTimer();
      const fresh = await ingest.take(messages);
      end();
      count(messages, fresh);
      done();
    },
  });
}

/** Takes anomalies off the stream: each becomes an event of what it was seen on. */
export const startAnomalies = ({ nats, ingest, log, done }: Omit<Consuming, 'metrics' | 'now'>) =>
  consumeBatch({
    nats,
    service: 'agent-manager',
    purpose: 'anomalies',
    stream: 'SIGNALS',
    channel: channels.anomaly,
    log,
    handle: async (messages) => {
      await ingest.record(messages.map(({ body }) => anomalyEvent(body)));
      done();
    },
  });
