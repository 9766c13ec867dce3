import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { exposeFigures } from '../metrics/index.ts';
import type { Term } from './creds-claims.ts';

/** What is counted of the bus; consumers are named in the code, so their number is fixed. */
export type BusMetrics = ReturnType<typeof createBusMetrics>;

type State = { connected: () => boolean; term: () => Term };

const state = {
  connected: ['aetherius_bus_connected', 'Whether the bus is reached now'],
  issued: ['aetherius_bus_credentials_issued_timestamp_seconds', 'When the credentials for the bus were issued'],
  expiry: [
    'aetherius_bus_credentials_expiry_timestamp_seconds',
    'When the credentials for the bus run out; absent when they never do',
  ],
} as const;

const figuresOf = (isConnected: boolean, { iat, exp }: Term) => ({
  connected: Number(isConnected),
  issued: iat ?? null,
  expiry: exp ?? null,
});

/** Declares the figures of a connection to the bus and of everything that consumes over it. */
export function createBusMetrics(registry: Registry, { connected, term }: State) {
  const registers = [registry];
  const consumer = ['consumer'] as const;
  exposeFigures({
    metrics: registry,
    names: state,
    read: async () => figuresOf(connected(), term()),
  });
  return {
    disconnects: new Counter({
      name: 'aetherius_bus_disconnects_total',
      help: 'Times that the connection to the bus was lost',
      registers,
    }),
    refusals: new Counter({
      name: 'aetherius_bus_refusals_total',
      help: 'Times that the bus refused something, such as a subject that the credentials do not allow',
      registers,
    }),
    published: new Counter({
      name: 'aetherius_bus_published_total',
      help: 'Messages given to streams, by what the bus said',
      labelNames: ['outcome'],
      registers,
    }),
    messages: new Counter({
      name: 'aetherius_bus_messages_total',
      help: 'Messages taken off streams: handled, failed and to come again, or dead',
      labelNames: [...consumer, 'outcome'],
      registers,
    }),
    redelivered: new Counter({
      name: 'aetherius_bus_redeliveries_total',
      help: 'Messages taken off streams that had been handed out before',
      labelNames: consumer,
      registers,
    }),
    pending: new Gauge({
      name: 'aetherius_bus_pending_messages',
      help: 'Messages on the stream that this consumer has not been given yet',
      labelNames: consumer,
      registers,
    }),
    waited: new Histogram({
      name: 'aetherius_bus_message_age_seconds',
      help: 'How long a message lay on its stream before it was taken up',
      labelNames: consumer,
      buckets: [0.01, 0.05, 0.25, 1, 2, 5, 15, 60, 300, 1800],
      registers,
    }),
    handling: new Histogram({
      name: 'aetherius_bus_handling_seconds',
      help: 'Time to handle what was taken up at once',
      labelNames: consumer,
      buckets: [0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
  };
}
