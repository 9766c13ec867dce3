import type { Bundle, Event } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import type { Clock } from '@aetherius/shared/service';
import { traced } from '@aetherius/shared/tracing';
import type { Allowance } from '../evidence/allowance.ts';
import { eventId } from '../signals/event-id.ts';
import type { Signal } from '../signals/signal.ts';
import { createEvidenceOwed, type Told } from './evidence-owed.ts';

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

/**
 * What comes while evidence is gathered waits for it: the event that opens an incident has to be the one that carries it,
 * or the orchestrator is asked to explain nothing.
 */
export function createDispatch(needs: DispatchNeeds): Dispatch {
  const { emit } = needs;
  const waiting = new Map<string, Promise<void>>();
  const { isWorth, due } = createEvidenceOwed(needs);

  const after = (fingerprint: string, act: () => void | Promise<void>): Promise<void> => {
    const sent = (waiting.get(fingerprint) ?? Promise.resolve()).then(act);
    const done = sent.finally(() => {
      if (waiting.get(fingerprint) === done) waiting.delete(fingerprint);
    });
    waiting.set(fingerprint, done);
    return sent;
  };

  const deliver = async (told: Told): Promise<void> => {
    const { event } = told;
    const { fingerprint } = event;
    if (isWorth(told)) return after(fingerprint, () => withEvidence(told, needs));
    if (!waiting.has(fingerprint)) return emit(event);
    await after(fingerprint, () => emit(event));
  };

  return {
    // Here the story begins that ends with a repair: the place in the trace goes into the spool with the event.
    send: (signal, event) => {
      const { id, cluster_id, fingerprint, reason } = event;
      const attributes = { event_id: id, cluster_id, fingerprint, reason };
      void traced('event.report', { attributes }, () => deliver({ signal, event }));
    },
    catchUp: () => {
      for (const told of due()) void after(told.event.fingerprint, () => evidenceAlone(told, needs));
    },
    idle: async () => {
      await Promise.all(waiting.values());
    },
  };
}

async function gathered({ signal, event }: Told, { evidence, log }: DispatchNeeds): Promise<Bundle | null> {
  try {
    return await evidence(signal);
  } catch (error) {
    log.warn({ err: error, fingerprint: event.fingerprint }, 'evidence could not be gathered');
    return null;
  }
}

async function withEvidence(told: Told, needs: DispatchNeeds): Promise<void> {
  const bundle = await gathered(told, needs);
  needs.emit({ ...told.event, bundle, reported_at: needs.clock.now().toISOString() });
}

/** Evidence after its event: no happening of its own, so nothing is counted twice. */
async function evidenceAlone(told: Told, needs: DispatchNeeds): Promise<void> {
  const bundle = await gathered(told, needs);
  if (bundle === null) return;
  const { signal, event } = told;
  const id = eventId(event.cluster_id, [...signal.identity, 'evidence']);
  needs.emit({ ...event, id, signal: 'info', bundle, reported_at: needs.clock.now().toISOString() });
}
