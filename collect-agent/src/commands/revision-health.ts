/** What one look shows of a ReplicaSet. */
export type RevisionHealth = { uid: string; wanted: number; ready: number };

/** How long a revision had all its pods ready at a stretch, and since when it has them ready now; times are monotonic milliseconds. */
export type Readiness = { longestMs: number; since: number | undefined };

/**
 * What is known of a revision after one more look; undefined means never seen healthy.
 * 1. All wanted pods ready begins a stretch, anything else ends it.
 * 2. Wanted but none ready takes everything back: so does a crash loop whose pods are ready for a moment after each start.
 * 3. Scaled to nothing keeps what was known: that is how an old revision waits for a roll back.
 */
export function noteHealth(known: Readiness | undefined, look: RevisionHealth, at: number): Readiness | undefined {
  const { wanted, ready } = look;
  if (wanted > 0 && ready === 0) return undefined;
  if (wanted > 0 && ready >= wanted) return { longestMs: known?.longestMs ?? 0, since: known?.since ?? at };
  return known && { longestMs: readyFor(known, at), since: undefined };
}

/** The longest stretch up to a moment. */
export const readyFor = ({ longestMs, since }: Readiness, at: number): number =>
  Math.max(longestMs, since === undefined ? 0 : at - since);
