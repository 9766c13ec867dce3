import type { Logger } from '@aetherius/shared/log';
import type { Nats } from '@aetherius/shared/nats';
import { createOutageLog, type OutageLog, sleep, systemClock } from '@aetherius/shared/service';
import { inTrace } from '@aetherius/shared/tracing';
import type { Entry, Spool, Spooled } from './spool.ts';

type Needs = {
  spool: Spool;
  nats: () => Pick<Nats, 'publish' | 'connected'> | undefined;
  /** The message that tells what the spool had to cut; sent before what comes after the gap. */
  gapMessage?: (gap: NonNullable<ReturnType<Spool['gap']>>) => Entry;
  log: Logger;
};
export type Publisher = { poke: () => void; stop: () => Promise<void> };

const IN_FLIGHT = 64;
const IDLE_MS = 1_000;
const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 15_000;

/**
 * Sends what the spool holds, in order, and takes it off only once JetStream acknowledged it. Up to a window of messages are
 * under way at once; after a failure the first that was not acknowledged is where it goes on. It never gives up.
 */
export function startPublisher(needs: Needs): Publisher {
  const abort = new AbortController();
  let wake = new AbortController();
  const rest = async (ms: number) => {
    await sleep(ms, AbortSignal.any([abort.signal, wake.signal]));
    if (wake.signal.aborted) wake = new AbortController();
  };
  const outage = createOutageLog({ log: needs.log, clock: systemClock, message: 'publishing failed, trying again' });
  const running = (async () => {
    for (let failures = 0; !abort.signal.aborted; ) {
      const state = await sendSome(needs, outage);
      failures = state === 'failed' ? failures + 1 : 0;
      if (state === 'empty') await rest(IDLE_MS);
      if (state === 'failed') await sleep(backoff(failures), abort.signal);
    }
  })();
  return {
    poke: () => wake.abort(),
    stop: async () => {
      abort.abort();
      await running;
    },
  };
}

const backoff = (failures: number): number => Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), LONGEST_BACKOFF_MS);

type State = 'sent' | 'empty' | 'failed';

async function sendSome(needs: Needs, outage: OutageLog): Promise<State> {
  try {
    const nats = needs.nats();
    if (nats?.connected() !== true) return 'failed';
    await tellGap(needs, nats);
    const batch = await needs.spool.peek(IN_FLIGHT);
    if (batch.length === 0) return 'empty';
    await sendBatch(needs, nats, batch);
    outage.over();
    return 'sent';
  } catch (err) {
    outage.failed(err);
    return 'failed';
  }
}

type Sender = Pick<Nats, 'publish'>;

async function sendBatch({ spool }: Needs, nats: Sender, batch: Spooled[]): Promise<void> {
  const answers = await Promise.allSettled(
    batch.map(({ subject, body, id, traceparent }) => inTrace(traceparent, () => nats.publish(subject, body, { id }))),
  );
  const failure = answers.findIndex(({ status }) => status === 'rejected');
  const last = batch[(failure < 0 ? batch.length : failure) - 1];
  if (last !== undefined) await spool.ack(last);
  const failed = answers[failure];
  if (failed?.status === 'rejected') throw failed.reason;
}

async function tellGap({ spool, gapMessage, log }: Needs, nats: Sender): Promise<void> {
  const gap = spool.gap();
  if (gap === undefined || gapMessage === undefined) return;
  const { subject, body, id } = gapMessage(gap);
  await nats.publish(subject, body, { id });
  await spool.closeGap(gap);
  log.warn({ ...gap }, 'events were cut while the bus was away');
}
