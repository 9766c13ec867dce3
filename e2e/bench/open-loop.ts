import { sleep } from '@aetherius/shared/service';

/** When each of the requests of a steady rate is due, in milliseconds after the start. */
export const evenly = ({ perSecond, seconds }: { perSecond: number; seconds: number }): number[] =>
  Array.from({ length: Math.round(perSecond * seconds) }, (_, index) => (index * 1000) / perSecond);

type OpenLoop = {
  /** Milliseconds after the start, ascending. */
  due: ArrayLike<number>;
  start: (index: number, dueAt: number) => void;
  now: () => number;
  signal: AbortSignal;
};

/**
 * Starts each piece of work when it is due, however long the ones before it take: what waits because the system is slow has
 * its waiting counted from `dueAt`, and is not asked for more gently. Resolves when the last one was started.
 */
export async function runOpenLoop({ due, start, now, signal }: OpenLoop): Promise<void> {
  const began = now();
  for (let next = 0; next < due.length && !signal.aborted; ) {
    const dueAt = began + (due[next] ?? 0);
    const early = dueAt - now();
    if (early > 0) await sleep(early, signal);
    else {
      start(next, dueAt);
      next += 1;
    }
  }
}
