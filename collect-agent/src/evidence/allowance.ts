/** How many bundles may be made: at most one per key (an object and a reason) and minute, and so many a minute in all. */
export type Allowance = { take: (key: string, nowMs: number) => boolean };

const MINUTE_MS = 60_000;

/** An allowance that counts the last minute; what is older is forgotten, so it never grows past `perMinute` entries. */
export function createAllowance({ perMinute }: { perMinute: number }): Allowance {
  const taken = new Map<string, number>();
  return {
    take: (key, nowMs) => {
      for (const [earlier, at] of taken) if (nowMs - at >= MINUTE_MS) taken.delete(earlier);
      if (taken.has(key) || taken.size >= perMinute) return false;
      taken.set(key, nowMs);
      return true;
    },
  };
}
