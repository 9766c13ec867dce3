import type { Bundle, Event } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import type { Clock } from '@aetherius/shared/service';
import { traced } from '@aetherius/shared/tracing';
import type { Allowance } from '../evidence/allowance.ts';
import { type Signal, weighs } from '../signals/signal.ts';

export type DispatchNeeds = {
  clock: Clock;
  log: Logger;
  emit: (event: Event) => void;
  evidence: (signal: Signal) => Promise<Bundle>;
  allowance: Allowance;
};

/** Sends events out, those that open an incident with evidence while the allowance lasts. */
export type Dispatch = { send: (signal: Signal, event: Event) => void; idle: () => Promise<void> };

/**
 * What comes while evidence is gathered waits for it: the event that opens an incident has to be the one that carries it,
 * or the orchestrator is asked to explain nothing.
 */
export function createDispatch({ clock, log, emit, evidence, allowance }: DispatchNeeds): Dispatch {
  const waiting = new Map<string, Promise<void>>();

  const hold = (fingerprint: string, sent: Promise<void>) => {
    const done = sent.finally(() => {
      if (waiting.get(fingerprint) === done) waiting.delete(fingerprint);
    });
    waiting.set(fingerprint, done);
  };
  const withEvidence = async (signal: Signal, event: Event): Promise<void> => {
    let bundle: Bundle | null = null;
    try {
      bundle = await evidence(signal);
    } catch (error) {
      log.warn({ err: error, fingerprint: event.fingerprint }, 'evidence could not be gathered');
    }
    emit({ ...event, bundle, reported_at: clock.now().toISOString() });
  };
  const afterwards = async (ahead: Promise<void>, event: Event): Promise<void> => {
    await ahead;
    emit(event);
  };

  const deliver = async (signal: Signal, event: Event): Promise<void> => {
    const { fingerprint, reason } = event;
    const ahead = waiting.get(fingerprint);
    // A new reason is worth new evidence: an Event often comes before the status that tells what it is about.
    const isWorth = weighs(signal) && allowance.take(`${fingerprint} ${reason}`, clock.monotonic());
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
    idle: async () => {
      await Promise.all(waiting.values());
    },
  };
}
