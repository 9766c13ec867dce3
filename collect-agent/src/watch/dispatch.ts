import type { Bundle, Event } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import type { Clock } from '@aetherius/shared/service';
import { traced } from '@aetherius/shared/tracing';
import type { Allowance } from '../evidence/allowance.ts';
import { eventId } from '../signals/event-id.ts';
import { type Signal, weighs } from '../signals/signal.ts';

export type DispatchNeeds = {
  clock: Clock;
  log: Logger;
  emit: (event: Event) => void;
  evidence: (signal: Signal) => Promise<Bundle>;
  allowance: Allowance;
};

/** Sends events out, those that open an incident with evidence while the allowance lasts. */
export type Dispatch = {
  send: (signal: Signal, event: Event) => void;
  /** Gathers evidence that is owed as far as the allowance has room again, and sends it after its event. */
  catchUp: () => void;
  idle: () => Promise<void>;
};

/** More than that many things broken at once wait for their next happening. */
const MOST_OWED = 1_000;

/**
 * What comes while evidence is gathered waits for it: the event that opens an incident has to be the one that carries it,
 * or the orchestrator is asked to explain nothing.
 */
export function createDispatch({ clock, log, emit, evidence, allowance }: DispatchNeeds): Dispatch {
  const waiting = new Map<string, Promise<void>>();
  const owed = new Map<string, { signal: Signal; event: Event }>();

  const hold = (fingerprint: string, sent: Promise<void>) => {
    const done = sent.finally(() => {
      if (waiting.get(fingerprint) === done) waiting.delete(fingerprint);
    });
    waiting.set(fingerprint, done);
  };
  const gathered = async (signal: Signal, { fingerprint }: Event): Promise<Bundle | null> => {
    try {
      return await evidence(signal);
    } catch (error) {
      log.warn({ err: error, fingerprint }, 'evidence could not be gathered');
      return null;
    }
  };
  const withEvidence = async (signal: Signal, event: Event): Promise<void> => {
    const bundle = await gathered(signal, event);
    emit({ ...event, bundle, reported_at: clock.now().toISOString() });
  };
  const evidenceAlone = async (signal: Signal, event: Event): Promise<void> => {
    const bundle = await gathered(signal, event);
    if (bundle === null) return;
    // It is no happening of its own, so nothing is counted twice.
    const id = eventId(event.cluster_id, [...signal.identity, 'evidence']);
    emit({ ...event, id, signal: 'info', bundle, reported_at: clock.now().toISOString() });
  };
  const afterwards = async (ahead: Promise<void>, event: Event): Promise<void> => {
    await ahead;
    emit(event);
  };

  /** A new reason is worth new evidence: an Event often comes before the status that tells what it is about. */
  const isWorthEvidence = (signal: Signal, event: Event): boolean => {
    const { fingerprint, reason } = event;
    if (signal.signal === 'clear') owed.delete(fingerprint);
    if (!weighs(signal)) return false;
    const taken = allowance.take(fingerprint, reason, clock.monotonic());
    if (taken === 'granted') owed.delete(fingerprint);
    else if (taken === 'owed' && owed.size < MOST_OWED) owed.set(fingerprint, { signal, event });
    return taken === 'granted';
  };

  const deliver = async (signal: Signal, event: Event): Promise<void> => {
    const { fingerprint } = event;
    const ahead = waiting.get(fingerprint);
    const isWorth = isWorthEvidence(signal, event);
    if (!isWorth && ahead === undefined) return emit(event);
    const sent = isWorth
      ? (ahead ?? Promise.resolve()).then(() => withEvidence(signal, event))
      : afterwards(ahead ?? Promise.resolve(), event);
    hold(fingerprint, sent);
    await sent;
  };

  return {
    // Here the story begins that ends with a repair: the place in the trace goes into the spool with the event.
    send: (signal, event) => {
      const { id, cluster_id, fingerprint, reason } = event;
      const attributes = { event_id: id, cluster_id, fingerprint, reason };
      void traced('event.report', { attributes }, () => deliver(signal, event));
    },
    catchUp: () => {
      for (const [fingerprint, { signal, event }] of [...owed]) {
        if (!isWorthEvidence(signal, event)) continue;
        const ahead = waiting.get(fingerprint) ?? Promise.resolve();
        hold(
          fingerprint,
          ahead.then(() => evidenceAlone(signal, event)),
        );
      }
    },
    idle: async () => {
      await Promise.all(waiting.values());
    },
  };
}
