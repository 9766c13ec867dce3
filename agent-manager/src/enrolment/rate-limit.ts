type Bucket = { left: number; at: number };
type Limit = { perSecond: number; burst: number; now: () => number };

/** Beyond so many callers the oldest is forgotten, so that addresses made up by the thousand take no memory. */
const MOST_CALLERS = 10_000;

/** Whether a caller may go on: so many a second on average, and a burst at most; time in milliseconds. */
export function createRateLimit({ perSecond, burst, now }: Limit): (caller: string) => boolean {
  const buckets = new Map<string, Bucket>();
  return (caller) => {
    const at = now();
    const before = buckets.get(caller) ?? { left: burst, at };
    const left = Math.min(burst, before.left + ((at - before.at) / 1000) * perSecond);
    // Set anew, so that the first in the map is the one that was not heard for longest.
    buckets.delete(caller);
    buckets.set(caller, { left: left >= 1 ? left - 1 : left, at });
    const [oldest] = buckets.keys();
    if (buckets.size > MOST_CALLERS && oldest !== undefined) buckets.delete(oldest);
    return left >= 1;
  };
}
