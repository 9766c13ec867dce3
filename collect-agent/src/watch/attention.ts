import type { Logger } from '@aetherius/shared/log';
import type { Clock } from '@aetherius/shared/service';
import type { Signal } from '../signals/signal.ts';

const TICK_MS = 100;
/** An object changes in bursts; a moment later its Events and owners are here as well. */
const SETTLE_MS = 300;
const KEYS_PER_TICK = 1_000;

type Needs = {
  assess: (key: string) => Signal[];
  tell: (signal: Signal) => void;
  /** Called when a key will not be looked at again unless it is touched. */
  done?: (key: string) => void;
  clock: Clock;
  log: Logger;
};

/** Looks at what changed, once it has settled, and again when something has to go on being true for a while. */
export type Attention = {
  touch: (key: string, afterMs?: number) => void;
  /** Looks without waiting for anything to settle. */
  now: (key: string) => void;
  open: () => void;
  stop: () => void;
};

/** Nothing is looked at before `open`: half a view would blame a ReplicaSet for its Deployment. */
export function createAttention({ assess, tell, done, clock, log }: Needs): Attention {
  const due = new Map<string, number>();
  const firstSeen = new Map<string, Map<string, number>>();
  let timer: NodeJS.Timeout | undefined;

  const touch = (key: string, afterMs = SETTLE_MS) => {
    const at = clock.monotonic() + afterMs;
    due.set(key, Math.min(due.get(key) ?? at, at));
  };

  const look = (key: string) => {
    const now = clock.monotonic();
    const { waiting, again } = sortOut(assess(key), { before: firstSeen.get(key), now, tell });
    if (waiting.size > 0) firstSeen.set(key, waiting);
    else firstSeen.delete(key);
    if (again !== Number.POSITIVE_INFINITY) touch(key, again);
  };

  const attend = (key: string) => {
    try {
      look(key);
    } catch (error) {
      log.error({ err: error, key }, 'an object could not be assessed');
    }
    if (!due.has(key)) done?.(key);
  };

  const lookNow = (key: string) => {
    if (timer === undefined) return touch(key, 0);
    due.delete(key);
    attend(key);
  };

  const tick = () => {
    const now = clock.monotonic();
    let left = KEYS_PER_TICK;
    for (const [key, at] of due) {
      if (at > now) continue;
      if (left === 0) return;
      left -= 1;
      due.delete(key);
      attend(key);
    }
  };

  return {
    touch,
    now: lookNow,
    open: () => {
      timer ??= setInterval(tick, TICK_MS);
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

type Moment = { before: ReadonlyMap<string, number> | undefined; now: number; tell: (signal: Signal) => void };

/** Tells what has lasted long enough, and says since when the rest has, and when the first of it will have. */
function sortOut(signals: readonly Signal[], { before, now, tell }: Moment) {
  const waiting = new Map<string, number>();
  let again = Number.POSITIVE_INFINITY;
  for (const signal of signals) {
    const id = signal.identity.join('\n');
    const since = before?.get(id) ?? now;
    const left = since + signal.holdMs - now;
    if (left <= 0) {
      tell(signal);
      continue;
    }
    waiting.set(id, since);
    again = Math.min(again, left);
  }
  return { waiting, again };
}
