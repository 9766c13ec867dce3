import { v7 } from 'uuid';

/** Time comes in as an argument: `now` for people, `monotonic` (milliseconds) for measuring. */
export type Clock = { now(): Date; monotonic(): number };

export const systemClock: Clock = { now: () => new Date(), monotonic: () => performance.now() };

/** A UUIDv7: unique, and sorted by time. */
export const newId = (): string => v7();

/** Waits; ends early and quietly when the signal fires. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
