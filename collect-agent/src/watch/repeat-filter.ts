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
    forgetUntil(told, now - REPEAT_MS);
    const key = `${identity[0]}/${reason}`;
    if (told.has(key) && count > FIRST) return true;
    // Put in anew, so that the oldest stay in front and a storm need not look through all of them each time.
    told.delete(key);
    told.set(key, now);
    return false;
  };
}

function forgetUntil(told: Map<string, number>, end: number): void {
  for (const [key, at] of told) {
    if (at > end) return;
    told.delete(key);
  }
}
