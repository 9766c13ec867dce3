import { agentSubject, type Event } from '@aetherius/shared/contracts';
import { sleep } from '@aetherius/shared/service';
import type { Saying } from './event-script.ts';
import type { RecordedFault } from './fault-library.ts';
import type { JoinedAgent } from './join-agents.ts';
import { type FreshKind, saidEvent } from './said-event.ts';

/** What was sent and acknowledged by the bus. */
export type Sent = {
  /** Ids of the events, each once however often it was sent. */
  ids: Set<string>;
  /** How many different events there were about each fingerprint. */
  about: Map<string, number>;
  /** Messages that the stream took: their place on it, and when they were due. */
  placed: { seq: number; dueAt: number }[];
  /** When each thing broke, by its fingerprint. */
  broke: Map<string, number>;
  messages: number;
  /** Messages that had to be sent again because no acknowledgement came. */
  resent: number;
};

export const nothingSent = (): Sent => ({
  ids: new Set(),
  about: new Map(),
  placed: [],
  broke: new Map(),
  messages: 0,
  resent: 0,
});

type Sending = {
  agents: readonly JoinedAgent[];
  faults: readonly RecordedFault[];
  sent: Sent;
  /** Tells the events of one script from those of the next. */
  script: { name: string; sayings: readonly Saying[] };
  signal: AbortSignal;
};

/** Sends sayings of a script as its agents; like an agent's spool it goes on until the bus has acknowledged each. */
export type EventSender = { send(index: number, dueAt: number): Promise<void>; finished(): Promise<void> };

const AGAIN_MS = 250;

export function createEventSender({ agents, faults, sent, script, signal }: Sending): EventSender {
  const { name, sayings } = script;
  const under = new Set<Promise<void>>();
  const dueTimes: number[] = [];

  const eventOf = (index: number): { agent: JoinedAgent; event: Event; kind: FreshKind } => {
    const { kind, agent: number, thing } = sayings[index] ?? missing();
    const agent = agents[number] ?? missing();
    if (kind === 'repeat') return missing();
    const speaking = {
      cluster: agent.cluster,
      agentId: agent.id,
      at: dueTimes[index] ?? 0,
      serial: `${name} ${index}`,
      faults,
    };
    return { agent, kind, event: saidEvent({ agent: number, thing, kind }, speaking) };
  };

  const note = (event: Event, kind: FreshKind, dueAt: number) => {
    sent.ids.add(event.id);
    sent.about.set(event.fingerprint, (sent.about.get(event.fingerprint) ?? 0) + 1);
    if (kind === 'breaks') sent.broke.set(event.fingerprint, dueAt);
  };

  /** A message goes out again under the same id until the bus says that it has it. */
  const published = async (agent: JoinedAgent, message: { text: string; msgID: string }) => {
    for (;;) {
      signal.throwIfAborted();
      const subject = agentSubject(agent.cluster, 'event');
      const ack = await agent.nats.js.publish(subject, message.text, { msgID: message.msgID }).catch(() => undefined);
      if (ack !== undefined) return ack;
      sent.resent += 1;
      await sleep(AGAIN_MS, signal);
    }
  };

  const sendOne = async (index: number, dueAt: number): Promise<void> => {
    const { of, sameMessage } = sayings[index] ?? missing();
    const { agent, event, kind } = eventOf(of ?? index);
    const msgID = of === null || sameMessage ? event.id : `${event.id} again ${index}`;
    const { duplicate, seq } = await published(agent, { text: JSON.stringify(event), msgID });
    sent.messages += 1;
    if (!duplicate) sent.placed.push({ seq, dueAt });
    if (of === null) note(event, kind, dueAt);
  };

  return {
    send: (index, dueAt) => {
      dueTimes[index] = dueAt;
      const one = sendOne(index, dueAt).finally(() => under.delete(one));
      under.add(one);
      return one;
    },
    finished: async () => {
      await Promise.all(under);
    },
  };
}

const missing = (): never => {
  throw new Error('the script and its agents do not fit');
};
