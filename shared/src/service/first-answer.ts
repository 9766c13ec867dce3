import { type Clock, sleep } from './clock.ts';

const WITHIN_MS = 15_000;
const PAUSE_MS = 1_000;

type Needs<T> = {
  ask: () => Promise<T>;
  /** What waiting does not mend. */
  isLasting: (error: unknown) => boolean;
  /** Told once, when the first try failed and others follow. */
  waits?: ((error: unknown) => void) | undefined;
  clock: Clock;
  pause?: (ms: number) => Promise<void>;
};

/**
 * Asks what a service needs at its start until it answers, at most 15 s: a try that would end later, because the last one took
 * that long, is not begun. Fails with the last error.
 */
export async function firstAnswer<T>({ ask, isLasting, waits, clock, pause = sleep }: Needs<T>): Promise<T> {
  const end = clock.monotonic() + WITHIN_MS;
  for (let tries = 1; ; tries += 1) {
    const begun = clock.monotonic();
    try {
      return await ask();
    } catch (error) {
      const now = clock.monotonic();
      if (isLasting(error) || now + PAUSE_MS + (now - begun) > end) throw error;
      if (tries === 1) waits?.(error);
    }
    await pause(PAUSE_MS);
  }
}
