import type { ObjectStore } from '@aetherius/simulator';

/** Events of the cluster that come one after the other, each with a number. */
export type Load = {
  sent(): number;
  /** So many at once, each message filled up to this length. */
  send(many: number, length?: number): void;
  /** Numbers of the load that somebody else will send. */
  take(many: number): number[];
  stop(): void;
};

export const LOAD_REASON = 'ChaosLoad';
const OBJECTS = 10;
const TICK_MS = 100;

/** Makes so many events a second: warnings that feed an incident and are too weak to open one. */
export function startLoad(store: ObjectStore, perSecond: number): Load {
  let sent = 0;
  const take = (many: number) => {
    const first = sent + 1;
    sent += many;
    return Array.from({ length: many }, (_, at) => first + at);
  };
  const send = (many: number, length = 0) => {
    for (const number of take(many)) makeEvent(store, number, length);
  };
  const timer = setInterval(() => send(Math.round((perSecond * TICK_MS) / 1000)), TICK_MS);
  return { sent: () => sent, send, take, stop: () => clearInterval(timer) };
}

/** What a step of the load is about. */
export const loadObject = (number: number) => ({
  kind: 'ConfigMap',
  namespace: 'load',
  name: `load-${number % OBJECTS}`,
});

function makeEvent(store: ObjectStore, number: number, length: number): void {
  const at = new Date().toISOString();
  store.create({
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name: `load-${number}`, namespace: 'load' },
    involvedObject: { apiVersion: 'v1', ...loadObject(number) },
    type: 'Warning',
    reason: LOAD_REASON,
    message: `load ${number}`.padEnd(length, '.'),
    source: { component: 'load' },
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  });
}
