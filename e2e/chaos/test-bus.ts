import { createHash, randomUUID } from 'node:crypto';
import { agentSubject, Event, fingerprintOf } from '@aetherius/shared/contracts';
import { createLogger } from '@aetherius/shared/log';
import { type Nats, openNats } from '@aetherius/shared/nats';
import { sleep } from '@aetherius/shared/service';
import { LOAD_REASON, loadObject } from './load.ts';
import type { Arena } from './stage.ts';

const EVERYTHING = { pub: ['>'], sub: ['>'], reply: true };

/** Does something on the bus as somebody who may do all. */
export async function onBus<T>({ fleet }: Arena, work: (nats: Nats) => Promise<T>): Promise<T> {
  const { nats } = fleet.backing;
  const nats_ = await openNats(
    { url: nats.url, creds: await nats.creds('chaos', EVERYTHING), name: 'chaos' },
    createLogger('chaos', 'error'),
  );
  try {
    return await work(nats_);
  } finally {
    await nats_.stop();
  }
}

const IN_FLIGHT = 256;

/** Sends numbered events of the load past the agent, each until the bus has it. */
export async function flood(
  nats: Nats,
  { cluster, numbers, perSecond }: { cluster: string; numbers: readonly number[]; perSecond: number },
): Promise<void> {
  const begun = performance.now();
  for (let at = 0; at < numbers.length; at += IN_FLIGHT) {
    await Promise.all(numbers.slice(at, at + IN_FLIGHT).map((number) => sendEvent(nats, cluster, number)));
    const ahead = (at / perSecond) * 1000 - (performance.now() - begun);
    if (ahead > 0) await sleep(ahead);
  }
}

async function sendEvent(nats: Nats, cluster: string, number: number): Promise<void> {
  const event = loadEvent(cluster, number);
  for (;;) {
    const sent = await nats.publish(agentSubject(cluster, 'event'), event, { id: event.id }).catch(() => undefined);
    if (sent !== undefined) return;
    await sleep(500);
  }
}

/** The event that an agent would make of a step of the load. */
export function loadEvent(cluster: string, number: number): Event {
  const object = loadObject(number);
  const at = new Date().toISOString();
  return Event.parse({
    id: createHash('sha256').update(`${cluster} ${number}`).digest('hex'),
    cluster_id: cluster,
    agent_id: `${cluster}-flood`,
    type: 'k8s_event',
    signal: 'fault',
    source: 'load',
    namespace: object.namespace,
    severity: 'medium',
    reason: LOAD_REASON,
    message: `load ${number}`,
    object: { ...object, api_version: 'v1', uid: null },
    fingerprint: fingerprintOf(cluster, object),
    timestamp: at,
    reported_at: at,
  });
}

/** All that the agent of a cluster has told, sent again in the opposite order and under ids that the bus does not know. */
export async function replay(nats: Nats, cluster: string): Promise<number> {
  const subject = agentSubject(cluster, 'event');
  const { num_pending } = await (await nats.js.consumers.get('AGENT_EVENTS', { filter_subjects: [subject] })).info();
  const consumer = await nats.js.consumers.get('AGENT_EVENTS', { filter_subjects: [subject] });
  const bodies: string[] = [];
  for await (const message of await consumer.fetch({ max_messages: num_pending, expires: 10_000 }))
    bodies.push(message.string());
  for (const body of bodies.reverse()) await nats.js.publish(subject, body, { msgID: randomUUID() });
  return bodies.length;
}

/** How many dead letters there are. */
export async function deadLetters(nats: Nats): Promise<number> {
  const { state } = await (await nats.manager()).streams.info('DEAD');
  return state.messages;
}
