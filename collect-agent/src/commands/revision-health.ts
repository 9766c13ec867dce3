/** What one look shows of a ReplicaSet. */
export type RevisionHealth = { uid: string; wanted: number; ready: number };
export type HealthSeen = { healthy: ReadonlySet<string>; readySince: ReadonlyMap<string, number> };

/** How long all pods have to be ready: a container that crashes on start is ready for a moment, too. */
const SETTLED_MS = 5_000;

/**
 * Which revisions count as healthy after one more look.
 * 1. All wanted pods ready for a while makes a revision healthy.
 * 2. Wanted but none ready takes it back, as in a crash loop that began late.
 * 3. Scaled to nothing keeps what was known: that is how an old revision waits for a roll back.
 */
export function noteHealth(seen: HealthSeen, revisions: readonly RevisionHealth[], at: number): HealthSeen {
  const readySince = new Map(
    revisions.filter(isAllReady).map(({ uid }) => [uid, seen.readySince.get(uid) ?? at] as const),
  );
  const isHealthy = (revision: RevisionHealth): boolean => {
    const since = readySince.get(revision.uid);
    const settled = since !== undefined && at - since >= SETTLED_MS;
    return settled || (seen.healthy.has(revision.uid) && !hasFailed(revision));
  };
  return { healthy: new Set(revisions.filter(isHealthy).map(({ uid }) => uid)), readySince };
}

const isAllReady = ({ wanted, ready }: RevisionHealth): boolean => wanted > 0 && ready >= wanted;
const hasFailed = ({ wanted, ready }: RevisionHealth): boolean => wanted > 0 && ready === 0;
