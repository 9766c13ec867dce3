import type { Logger } from '@aetherius/shared/log';
import type { Registry } from '@aetherius/shared/metrics';
import { type Nats, openNats } from '@aetherius/shared/nats';
import { sleep } from '@aetherius/shared/service';

type Options = { url: string; creds?: string | undefined; cluster: string; metrics: Registry };

/** The bus of an agent that starts and works without it: there from some moment on, then kept by the client itself. */
export type Bus = { current: () => Nats | undefined; ready: Promise<Nats>; stop: () => Promise<void> };

const AGAIN_MS = 2_000;

/** Tries for ever to reach the bus, because an agent whose bus is away still has a cluster to watch. */
export function openBus({ url, creds, cluster, metrics }: Options, log: Logger): Bus {
  const abort = new AbortController();
  let current: Nats | undefined;
  const dialling = dialForever(
    { url, creds, name: `collect-agent-${cluster}`, inboxPrefix: `_INBOX_${cluster}`, metrics },
    log,
    abort.signal,
  );
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

async function dialForever(
  options: Parameters<typeof openNats>[0],
  log: Logger,
  signal: AbortSignal,
): Promise<Nats | undefined> {
  while (!signal.aborted) {
    try {
      const nats = await openNats(options, log);
      if (!signal.aborted) return nats;
      await nats.stop();
    } catch (err) {
      log.warn({ err, url: options.url }, 'the bus cannot be reached yet; events wait on disk');
      await sleep(AGAIN_MS, signal);
    }
  }
  return undefined;
}
