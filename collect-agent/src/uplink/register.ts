import { agentSubject, type Register, replies } from '@aetherius/shared/contracts';
import type { Logger } from '@aetherius/shared/log';
import { redactDeep } from '@aetherius/shared/redact';
import { sleep } from '@aetherius/shared/service';
import type { Bus } from './bus.ts';

type Needs = { bus: Pick<Bus, 'ready'>; introduction: () => Promise<Register>; log: Logger };

const ANSWER_MS = 5_000;
const AGAIN_MS = 5_000;

/** Introduces this agent until a manager answers. Nothing waits for it: events are published all the while. */
export function startRegistration({ bus, introduction, log }: Needs): { stop: () => Promise<void> } {
  const abort = new AbortController();
  const running = (async () => {
    while (!abort.signal.aborted) {
      if (await introduce({ bus, introduction, log }, abort.signal)) return;
      await sleep(AGAIN_MS, abort.signal);
    }
  })();
  return {
    stop: async () => {
      abort.abort();
      await running;
    },
  };
}

async function introduce({ bus, introduction, log }: Needs, signal: AbortSignal): Promise<boolean> {
  const nats = await Promise.race([bus.ready, aborted(signal)]);
  if (nats === undefined) return false;
  try {
    const body = redactDeep(await introduction());
    const options = { schema: replies.register, timeoutMs: ANSWER_MS };
    await nats.request(agentSubject(body.cluster_id, 'register'), body, options);
    log.info({ agent_id: body.agent_id }, 'registered');
    return true;
  } catch (err) {
    log.debug({ err }, 'no manager answered the registration yet');
    return false;
  }
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
