import { createRandom } from '@aetherius/simulator';
import { type AckWatch, watchAcks } from './ack-watch.ts';
import { type Saying, writeScript } from './event-script.ts';
import { createEventSender, type Sent } from './event-sender.ts';
import type { RecordedFault } from './fault-library.ts';
import type { JoinedAgent } from './join-agents.ts';
import type { MeasuredFleet } from './measured-fleet.ts';
import { runOpenLoop } from './open-loop.ts';

const STREAM = 'AGENT_EVENTS';
const CONSUMER = 'agent-manager-events';
const SEED = 7;
const STORED_WITHIN_MS = 300_000;
/** Longer than sending a backlog takes; the pause is ended by hand. */
const PAUSE_MS = 600_000;
/** How many messages of a backlog are under way at once: as fast as the bus takes them, and about in order. */
const AT_ONCE = 64;

/** Agents that speak, what they may speak of, and the book that is kept of what they said. */
export type Speakers = { agents: readonly JoinedAgent[]; faults: readonly RecordedFault[]; sent: Sent };
type Loading = Speakers & { measured: MeasuredFleet };
type Loaded = { storedAfter: number[]; sentPerMinute: number };

/** Sends at a steady rate and tells how long after it was due each event was stored. */
export async function sustain(
  { measured, ...speakers }: Loading,
  rate: { perMinute: number; minutes: number },
): Promise<Loaded> {
  const { bus, signal } = measured;
  const sayings = writeScript({ agents: speakers.agents.length, ...rate, random: createRandom(SEED) });
  const watch = await watchAcks({ bus, stream: STREAM, consumer: CONSUMER, signal });
  try {
    const began = Date.now();
    await say({ ...speakers, script: { name: 'steady', sayings }, signal });
    const minutes = (Date.now() - began) / 60_000;
    await watch.reach(lastPlace(speakers.sent), STORED_WITHIN_MS);
    return { storedAfter: delays(speakers.sent, watch), sentPerMinute: Math.round(sayings.length / minutes) };
  } finally {
    await watch.stop();
  }
}

/** Lets a backlog grow while the consumer is paused, and tells how many messages a second it then works off. */
export async function drain({ measured, ...speakers }: Loading, backlog: number): Promise<number> {
  const { bus, signal } = measured;
  const { consumers } = await bus.manager();
  const sayings = writeScript({
    agents: speakers.agents.length,
    perMinute: backlog,
    minutes: 1,
    random: createRandom(SEED + 1),
  });
  const before = speakers.sent.placed.length;
  await consumers.pause(STREAM, CONSUMER, new Date(Date.now() + PAUSE_MS));
  await sayAtOnce({ ...speakers, script: { name: 'backlog', sayings }, signal });
  const watch = await watchAcks({ bus, stream: STREAM, consumer: CONSUMER, signal });
  try {
    const resumed = Date.now();
    await consumers.resume(STREAM, CONSUMER);
    const drained = await watch.reach(lastPlace(speakers.sent), STORED_WITHIN_MS);
    return Math.round(((speakers.sent.placed.length - before) * 1000) / (drained - resumed));
  } finally {
    await watch.stop();
  }
}

type Script = Speakers & { script: { name: string; sayings: readonly Saying[] }; signal: AbortSignal };

async function say({ script, signal, ...speakers }: Script): Promise<void> {
  const sender = createEventSender({ ...speakers, script, signal });
  const due = script.sayings.map(({ at }) => at);
  await runOpenLoop({ due, start: (index, dueAt) => void sender.send(index, dueAt), now: Date.now, signal });
  await sender.finished();
}

async function sayAtOnce({ script, signal, ...speakers }: Script): Promise<void> {
  const sender = createEventSender({ ...speakers, script, signal });
  const indices = script.sayings.keys();
  const speak = async () => {
    for (const index of indices) await sender.send(index, Date.now());
  };
  await Promise.all(Array.from({ length: AT_ONCE }, speak));
}

const lastPlace = ({ placed }: Sent): number => placed.reduce((last, { seq }) => Math.max(last, seq), 0);

const delays = ({ placed }: Sent, watch: AckWatch): number[] =>
  placed.flatMap(({ seq, dueAt }) => {
    const at = watch.reachedAt(seq);
    return at === undefined ? [] : [at - dueAt];
  });
