/** How many bundles may be made: at most one per object and minute, and so many a minute in all. */
export type Allowance = { take: (object: string, nowMs: number) => boolean };

const MINUTE_MS = 60_000;

/** An allowance that counts the last minute; what is older is forgotten, so it never grows past `perMinute` entries. */
export function createAllowance({ perMinute }: { perMinute: number }): Allowance {
  const taken = new Map<string, number>();
  return {
    take: (object, nowMs) => {
      for (const [earlier, at] of taken) if (nowMs - at >= MINUTE_MS) taken.delete(earlier);
      if (taken.has(object) || taken.size >= perMinute) return false;
      taken.set(object, nowMs);
      return true;
    },
  };
}
