/** The growing delay between two tries of the same thing. */
export type BackOff = { delaySeconds: number; lastAt: number };

const firstSeconds = 10;
const longestSeconds = 300;
const forgetAfterSeconds = 600;

/**
 * The delay before the next try. A try that comes after a long quiet time starts anew; the very first restart is
 * immediate, and from then on the delay doubles from ten seconds to five minutes.
 */
export function nextBackOff(
  before: BackOff | undefined,
  at: { nowMs: number; speed: number; first: 'immediate' | 'delayed' },
): BackOff {
  const quietSeconds = before === undefined ? Number.POSITIVE_INFINITY : ((at.nowMs - before.lastAt) * at.speed) / 1000;
  if (before === undefined || quietSeconds > forgetAfterSeconds) {
    return { delaySeconds: at.first === 'immediate' ? 0 : firstSeconds, lastAt: at.nowMs };
  }
  const doubled = before.delaySeconds === 0 ? firstSeconds : before.delaySeconds * 2;
  return { delaySeconds: Math.min(longestSeconds, doubled), lastAt: at.nowMs };
}

/** A delay as the kubelet writes it: `10s`, `1m20s`, `5m0s`. */
export const backOffText = (seconds: number): string =>
  seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
