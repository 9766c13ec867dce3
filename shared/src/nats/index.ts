export { type Nats, type NatsOptions, openNats } from './connection.ts';
export { consume, consumeBatch, type Message } from './consume.ts';
export { ensureStreams } from './ensure-streams.ts';
