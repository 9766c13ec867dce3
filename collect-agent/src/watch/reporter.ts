import { type Bundle, type Event, fingerprintOf, type Subject } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import type { Clock } from '@aetherius/shared/service';
import type { Allowance } from '../evidence/allowance.ts';
import { eventId } from '../signals/event-id.ts';
import { isLongPast, type Signal } from '../signals/signal.ts';
import { createRecentIds } from './recent-ids.ts';

const RECENT_IDS = 20_000;
/** An Event that goes on counting is told at most this often. */
const REPEAT_MS = 30_000;
/** A fault whose object looked well all along is over when it was quiet for this long. */
const QUIET_MS = 60_000;
const MAX_MESSAGE = 2_000;

type Needs = {
  cluster: string;
  agentId: string;
  clock: Clock;
  log: Logger;
  emit: (event: Event) => void;
  evidence: (signal: Signal) => Promise<Bundle>;
  allowance: Allowance;
  lookAgain: (subject: Subject, afterMs: number) => void;
};

/** Makes events of signals: each happening once, clears only after faults and only when they hold, evidence within the allowance. */
export type Reporter = {
  tell: (signal: Signal) => void;
  gone: (subject: Subject, signal: Signal) => void;
  idle: () => Promise<void>;
};

type LastFault = { at: number; seen: number };

/** A reporter with an empty memory. */
export function createReporter(needs: Needs): Reporter {
  const { cluster, clock, log, emit, evidence, allowance, lookAgain } = needs;
  const ids = createRecentIds(RECENT_IDS);
  const repeats = new Map<string, number>();
  const faulty = new Map<string, LastFault>();
  const gathering = new Map<string, Promise<void>>();

  const send = (signal: Signal, at: string | undefined) => {
    const event = eventOf(signal, at, needs);
    if (!ids.add(event.id)) return;
    const { fingerprint } = event;
    const ahead = gathering.get(fingerprint);
    const weighs = signal.signal === 'fault' && (signal.severity === 'critical' || signal.severity === 'high');
    if (ahead !== undefined)
      after(
        fingerprint,
        ahead.then(() => emit(event)),
      );
    else if (weighs && allowance.take(fingerprint, clock.monotonic()))
      after(fingerprint, sendWithEvidence(signal, event));
    else emit(event);
  };

  /** What comes while evidence is gathered waits for it, so that the event that opens an incident is the one that carries it. */
  const after = (fingerprint: string, sent: Promise<void>) => {
    const done = sent.finally(() => {
      if (gathering.get(fingerprint) === done) gathering.delete(fingerprint);
    });
    gathering.set(fingerprint, done);
  };

  const sendWithEvidence = async (signal: Signal, event: Event): Promise<void> => {
    let bundle: Bundle | null = null;
    try {
      bundle = await evidence(signal);
    } catch (error) {
      log.warn({ err: error, fingerprint: event.fingerprint }, 'evidence could not be gathered');
    }
    emit({ ...event, bundle, reported_at: clock.now().toISOString() });
  };

  const isRepeat = ({ type, identity, reason, count }: Signal): boolean => {
    if (type !== 'k8s_event') return false;
    const now = clock.monotonic();
    for (const [key, at] of repeats) if (now - at >= REPEAT_MS) repeats.delete(key);
    const key = `${identity[0]}/${reason}`;
    if (repeats.has(key) && count > 3) return true;
    repeats.set(key, now);
    return false;
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
    idle: async () => {
      await Promise.all(gathering.values());
    },
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
