import { type Event, fingerprintOf, type Subject } from '@aetherius/shared/contracts';
import { eventId } from '../signals/event-id.ts';
import { isLongPast, type Signal } from '../signals/signal.ts';
import { createDispatch, type DispatchNeeds } from './dispatch.ts';
import { createRecentIds } from './recent-ids.ts';
import { createRepeatFilter } from './repeat-filter.ts';

const RECENT_IDS = 20_000;
/** A fault whose object looked well all along is over when it was quiet for this long. */
const QUIET_MS = 60_000;
const MAX_MESSAGE = 2_000;

type Needs = DispatchNeeds & {
  cluster: string;
  agentId: string;
  lookAgain: (subject: Subject, afterMs: number) => void;
};

/** Makes events of signals: each happening once, clears only after faults and only when they hold, evidence within the allowance. */
export type Reporter = {
  tell: (signal: Signal) => void;
  gone: (subject: Subject, signal: Signal) => void;
  /** Sends evidence that the allowance had no room for. */
  catchUp: () => void;
  idle: () => Promise<void>;
};

type LastFault = { at: number; seen: number };

/** A reporter with an empty memory. */
export function createReporter(needs: Needs): Reporter {
  const { cluster, clock, lookAgain } = needs;
  const ids = createRecentIds(RECENT_IDS);
  const isRepeat = createRepeatFilter(clock);
  const faulty = new Map<string, LastFault>();
  const dispatch = createDispatch(needs);

  const send = (signal: Signal, at: string | undefined) => {
    const event = eventOf(signal, at, needs);
    if (ids.add(event.id)) dispatch.send(signal, event);
  };

  const fault = (signal: Signal, fingerprint: string) => {
    const seen = clock.monotonic();
    const at = signal.at === undefined ? clock.now().getTime() : Date.parse(signal.at);
    faulty.set(fingerprint, { at: Math.max(at, faulty.get(fingerprint)?.at ?? 0), seen });
    lookAgain(signal.subject, QUIET_MS);
    if (!isRepeat(signal)) send(signal, signal.at);
  };

  /** Well with no fault known of: told when it is fresh, so that an agent that was restarted closes what it had opened. */
  const clearUnasked = (signal: Signal) => {
    if (signal.at !== undefined && !isLongPast(signal.at, clock.now().getTime())) send(signal, signal.at);
  };

  const clear = (signal: Signal, fingerprint: string) => {
    const last = faulty.get(fingerprint);
    if (last === undefined) {
      clearUnasked(signal);
      return;
    }
    const since = signal.at === undefined ? clock.now().getTime() : Date.parse(signal.at);
    const quietFor = clock.monotonic() - last.seen;
    // Kubernetes writes whole seconds: a pod's last Event and its successor's readiness often share one.
    const isBefore = since < Math.floor(last.at / 1000) * 1000;
    if (isBefore && quietFor < QUIET_MS) {
      lookAgain(signal.subject, QUIET_MS - quietFor);
      return;
    }
    faulty.delete(fingerprint);
    const at = new Date(isBefore ? clock.now() : Math.max(since, last.at + 1)).toISOString();
    send({ ...signal, identity: [...signal.identity, at] }, at);
  };

  return {
    tell: (told) => {
      const signal = isTime(told.at) ? told : { ...told, at: undefined };
      const fingerprint = fingerprintOf(cluster, signal.subject);
      if (signal.signal === 'fault') fault(signal, fingerprint);
      else if (signal.signal === 'clear') clear(signal, fingerprint);
      else send(signal, signal.at);
    },
    gone: (subject, signal) => {
      if (faulty.delete(fingerprintOf(cluster, subject))) send(signal, clock.now().toISOString());
    },
    catchUp: dispatch.catchUp,
    idle: dispatch.idle,
  };
}

const isTime = (at: string | undefined): boolean => at !== undefined && !Number.isNaN(Date.parse(at));

function eventOf(signal: Signal, at: string | undefined, { cluster, agentId, clock }: Needs): Event {
  const now = clock.now().toISOString();
  const { subject, object } = signal;
  const standsForItself = subject.kind === object.kind && subject.name === object.name;
  return {
    id: eventId(cluster, signal.identity),
    cluster_id: cluster,
    agent_id: agentId,
    type: signal.type,
    signal: signal.signal,
    source: signal.source,
    namespace: object.namespace,
    severity: signal.severity,
    reason: signal.reason.slice(0, 128),
    message: signal.message.slice(0, MAX_MESSAGE),
    object,
    owner: standsForItself ? null : subject,
    node: signal.node,
    count: signal.count,
    fingerprint: fingerprintOf(cluster, subject),
    timestamp: at === undefined ? now : new Date(at).toISOString(),
    reported_at: now,
    labels: {},
    bundle: null,
  };
}
