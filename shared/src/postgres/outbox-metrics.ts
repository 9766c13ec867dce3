import { Counter, type Registry } from 'prom-client';
import { exposeFigures } from '../metrics/index.ts';
import type { Tx } from './pool.ts';
import { sql } from './sql.ts';

const outcomes = ['sent', 'put_off', 'dead', 'replied', 'offline'] as const;
/** What became of a row that was due. */
export type Departure = (typeof outcomes)[number];

const names = {
  messages: ['aetherius_outbox_messages', 'Messages that have not left'],
  oldest: ['aetherius_outbox_oldest_seconds', 'Age of the oldest message that has not left'],
} as const;

const read = (db: Tx) =>
  db.one<Record<keyof typeof names, number>>(
    sql`select count(*) as messages, coalesce(extract(epoch from max(now() - created_at)), 0)::float8 as oldest from outbox`,
  );

/** Depth, age and failures of an outbox; the answer counts what became of each row. */
export function exposeOutbox(metrics: Registry, db: Tx): (departure: Departure) => void {
  exposeFigures({ metrics, names, read: () => read(db) });
  const left = new Counter({
    name: 'aetherius_outbox_departures_total',
    help: 'What became of messages that were due',
    labelNames: ['outcome'],
    registers: [metrics],
  });
  for (const outcome of outcomes) left.inc({ outcome }, 0);
  return (outcome) => left.inc({ outcome });
}
