import type { Logger } from '@aetherius/shared/log';
import { type Clock, createOutageLog, reasonOf, startLoop } from '@aetherius/shared/service';

/** What this process does only while it leads; `lost` has to end with nothing of it left. */
export type Duties = { gained: () => Promise<void>; lost: () => Promise<void> };

/** One process that wants to lead: `tick` is one round of contending, `leading` is true only while nobody else can be. */
export type Contender = { tick: () => Promise<void>; leading: () => boolean; release: () => Promise<void> };

/** Why nobody may be able to lead just now, and the way out of contending. */
export type Leadership = { problem: () => string | undefined; stop: () => Promise<void> };

const TICK_MS = 2_000;
const FOLLOW_MS = 250;
const WAY_OUT = 'bring back the API server, or set right the way to it and the rights of the agent on its Lease';

type Leading = Duties & { contender: Contender; clock: Clock; log: Logger };

/** Contends until stopped, taking up and laying down the duties as leadership comes and goes. */
export function lead({ contender, clock, log, ...duties }: Leading): Leadership {
  const outage = createOutageLog({ log, clock, message: 'contending for leadership failed; it is tried again' });
  const follow = createDutyRoster(duties);
  let problem: string | undefined;
  let contended = false;
  // Ready means that a leader's duties are taken up, so that nothing goes unseen between a first yes and the first watch.
  let settled = false;
  const contend = async () => {
    try {
      await contender.tick();
      problem = undefined;
      contended = true;
      outage.over();
    } catch (err) {
      problem = `leadership cannot be contended for: ${err instanceof Error ? err.message : String(err)}`;
      outage.failed(err, { way_out: WAY_OUT });
    }
  };
  const keepUp = async () => {
    const known = contended;
    await follow(contender.leading());
    settled ||= known;
  };
  const contending = startLoop({ name: 'contend', every: TICK_MS, run: contend, log });
  // Apart from contending, because a request that hangs must not delay laying down the duties when time is up.
  const following = startLoop({ name: 'lead', every: FOLLOW_MS, run: keepUp, log });
  return {
    problem: () => problem ?? (settled ? undefined : 'it is not known yet who leads'),
    stop: async () => {
      await Promise.all([contending.stop(), following.stop()]);
      await follow(false);
      // Only now: whoever gets to lead may act at once.
      await contender.release().catch((err: unknown) => log.warn(reasonOf(err), 'leadership could not be given back'));
    },
  };
}

function createDutyRoster({ gained, lost }: Duties): (leading: boolean) => Promise<void> {
  let on = false;
  return async (leading) => {
    if (leading === on) return;
    on = leading;
    await (leading ? gained() : lost());
  };
}
