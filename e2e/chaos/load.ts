import type { ObjectStore } from '@aetherius/simulator';

/** Events of the cluster that come one after the other, each with a number. */
export type Load = { sent(): number; send(many: number): void; stop(): void };

export const LOAD_REASON = 'ChaosLoad';
const OBJECTS = 10;
const TICK_MS = 100;

/** Makes so many events a second: warnings that feed an incident and are too weak to open one. */
export function startLoad(store: ObjectStore, perSecond: number): Load {
  let sent = 0;
  const send = (many: number) => {
    for (let left = many; left > 0; left -= 1) {
      sent += 1;
      makeEvent(store, sent);
    }
  };
  const timer = setInterval(() => send(Math.round((perSecond * TICK_MS) / 1000)), TICK_MS);
  return { sent: () => sent, send, stop: () => clearInterval(timer) };
}

function makeEvent(store: ObjectStore, number: number): void {
  const at = new Date().toISOString();
  store.create({
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name: `load-${number}`, namespace: 'load' },
    involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'load', name: `load-${number % OBJECTS}` },
    type: 'Warning',
    reason: LOAD_REASON,
    message: `load ${number}`,
    source: { component: 'load' },
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  });
}
