import type { Clock } from '@aetherius/shared/service';
import type { Signal } from '../signals/signal.ts';

/** An Event that goes on counting is told at most this often. */
const REPEAT_MS = 30_000;
/** The first few are told as they come: three make a pattern. */
const FIRST = 3;

/** Tells which signals only repeat an Event that was told a moment ago. */
export function createRepeatFilter(clock: Clock): (signal: Signal) => boolean {
  const told = new Map<string, number>();
  return ({ type, identity, reason, count }) => {
    if (type !== 'k8s_event') return false;
    const now = clock.monotonic();
    for (const [key, at] of told) if (now - at >= REPEAT_MS) told.delete(key);
    const key = `${identity[0]}/${reason}`;
    if (told.has(key) && count > FIRST) return true;
    told.set(key, now);
    return false;
  };
}
