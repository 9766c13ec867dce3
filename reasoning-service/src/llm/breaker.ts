import type { Clock } from '@aetherius/shared/service';

const TOLERATED = 3;
const REST_MS = 60_000;

/** Leaves a model alone for a minute after several failures in a row, so that a dead one does not hold up every answer. */
export function createBreaker(clock: Clock) {
  let failures = 0;
  let restUntil = 0;
  return {
    /** Milliseconds of rest that are left; 0 when it may be asked. */
    rest: (): number => Math.max(0, restUntil - clock.monotonic()),
    worked: () => {
      failures = 0;
    },
    failed: () => {
      failures += 1;
      if (failures < TOLERATED) return;
      failures = 0;
      restUntil = clock.monotonic() + REST_MS;
    },
  };
}
