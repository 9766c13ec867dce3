import type { Clock } from '../service/index.ts';

/** A clock that stands still until it is told to move. */
export function fakeClock(start = '2026-01-02T03:04:05.000Z'): Clock & { advance(ms: number): void } {
  let elapsed = 0;
  const origin = Date.parse(start);
  return {
    now: () => new Date(origin + elapsed),
    monotonic: () => elapsed,
    advance: (ms) => {
      elapsed += ms;
    },
  };
}
