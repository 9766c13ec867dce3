import { channels, clusterOf } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { consume, type Nats } from '@aetherius/shared/nats';
import type { Db } from '@aetherius/shared/postgres';
import type { Clock } from '@aetherius/shared/service';
import type { Observer } from '../detection/observer.ts';
import { takeInventory } from './inventory-store.ts';
import { takeBatch } from './take-batch.ts';

type Needs = { nats: Nats; db: Db; observer: Observer; clock: Clock; log: Logger };

/** Hears what agents sample. The subject, which the bus lets only that agent use, says whose it is; the body may say anything. */
export async function startMetrics({ nats, db, observer, clock, log }: Needs): Promise<{ stop(): Promise<void> }> {
  const common = { nats, log, service: 'reasoning-service', stream: 'AGENT_METRICS' };
  const consumers = await Promise.all([
    consume({
      ...common,
      purpose: 'metrics',
      channel: channels.metrics,
      handle: async ({ body, subject }) =>
        takeBatch({ ...body, cluster_id: clusterOf(subject) ?? body.cluster_id }, { db, observer, now: clock.now() }),
    }),
    consume({
      ...common,
      purpose: 'inventory',
      channel: channels.inventory,
      handle: ({ body, subject }) => takeInventory(db, { ...body, cluster_id: clusterOf(subject) ?? body.cluster_id }),
    }),
  ]);
  return {
    stop: async () => {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    },
  };
}
