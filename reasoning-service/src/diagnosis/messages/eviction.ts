/** Why a pod was put out: by its node for want of something, or for passing a limit of its own. */
export type Eviction = { resource: 'disk' | 'memory' | 'pid' | 'other'; own_limit: boolean };

const own =
  /ephemeral local storage usage exceeds|exceeded its local ephemeral storage limit|Usage of EmptyDir volume .{1,260} exceeds the limit/;
const low = /[Tt]he node was low on resource: ([^.\s]{1,60})|node had condition: \[([A-Za-z, ]{1,120})\]/;

/** As the event says it, and as the journal of the kubelet does. */
const reclaimed =
  /^(?:Attempting to reclaim |"[Ee]viction manager: (?:attempting to|must evict pods? to|must evict pod\(s\) to) reclaim" resourceName=")([^\s"]{1,60})/;

const resources: readonly { resource: Eviction['resource']; pattern: RegExp }[] = [
  { resource: 'disk', pattern: /ephemeral-storage|inodes|nodefs|imagefs|DiskPressure/ },
  { resource: 'memory', pattern: /memory|MemoryPressure/i },
  { resource: 'pid', pattern: /pids?|PIDPressure/i },
];

/** Reads an Evicted event or status message, or the words of EvictionThresholdMet. */
export function parseEviction(message: string): Eviction | undefined {
  if (own.test(message)) return { resource: 'disk', own_limit: true };
  const match = low.exec(message);
  const named = match?.[1] ?? match?.[2] ?? reclaimed.exec(message)?.[1];
  if (named === undefined) return undefined;
  return { resource: resources.find(({ pattern }) => pattern.test(named))?.resource ?? 'other', own_limit: false };
}
