/** Milliseconds to wait after so many failures in a row: doubling up to a minute, and half of it by chance so that a fleet spreads. */
export function backOffMs(failures: number, random: number): number {
  const full = Math.min(60_000, 500 * 2 ** Math.min(failures, 10));
  return full / 2 + (full / 2) * random;
}
