import type { Logger } from '@aetherius/shared/log';
import type { Registry } from '@aetherius/shared/metrics';
import { type Nats, type NatsOptions, openNats } from '@aetherius/shared/nats';
import { createOutageLog, sleep, systemClock } from '@aetherius/shared/service';

type Options = {
  /** How to get in, as soon as that is known. */
  wayIn: Promise<Omit<NatsOptions, 'name' | 'inboxPrefix'>>;
  cluster: string;
  metrics: Registry;
};

/** The bus of an agent that starts and works without it: there from some moment on, then kept by the client itself. */
export type Bus = { current: () => Nats | undefined; ready: Promise<Nats>; stop: () => Promise<void> };

const AGAIN_MS = 2_000;

/** Tries for ever to reach the bus, because an agent whose bus is away still has a cluster to watch. */
export function openBus({ wayIn, cluster, metrics }: Options, log: Logger): Bus {
  const abort = new AbortController();
  let current: Nats | undefined;
  const self = { name: `collect-agent-${cluster}`, inboxPrefix: `_INBOX_${cluster}`, metrics };
  const dialling = wayIn.then((way) => dialForever({ ...way, ...self }, log, abort.signal));
  const ready = dialling.then((nats) => {
    if (nats === undefined) return new Promise<Nats>(() => undefined);
    current = nats;
    return nats;
  });
  return {
    current: () => current,
    ready,
    stop: async () => {
      abort.abort();
      await current?.stop();
    },
  };
}

async function dialForever(options: NatsOptions, log: Logger, signal: AbortSignal): Promise<Nats | undefined> {
  const message = 'the bus cannot be reached yet; events wait on disk';
  const outage = createOutageLog({ log, clock: systemClock, message });
  while (!signal.aborted) {
    try {
      const nats = await openNats(options, log);
      outage.over();
      if (!signal.aborted) return nats;
      await nats.stop();
    } catch (err) {
      outage.failed(err, { url: options.url });
      await sleep(AGAIN_MS, signal);
    }
  }
  return undefined;
}
