/** How many pods a rolling update may add above, and take away below, the wanted number. */
export type Bounds = { maxSurge: number; maxUnavailable: number };

type Share = number | string | undefined;

const resolve = (share: Share, total: number, round: (value: number) => number): number => {
  const value = share ?? '25%';
  if (typeof value === 'number') return value;
  return value.endsWith('%') ? round((Number.parseFloat(value) * total) / 100) : Number.parseInt(value, 10);
};

/** Percentages as pods: surge is rounded up, unavailability down, and they are never both zero. */
export function rolloutBounds(
  replicas: number,
  { maxSurge, maxUnavailable }: { maxSurge?: Share; maxUnavailable?: Share } = {},
): Bounds {
  const surge = resolve(maxSurge, replicas, Math.ceil);
  const unavailable = Math.min(resolve(maxUnavailable, replicas, Math.floor), replicas);
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** The size of the new replica set: as large as the surge allows while old pods are still there. */
export function newSetSize(wanted: number, sizes: { fresh: number; all: number }, { maxSurge }: Bounds): number {
  if (sizes.fresh >= wanted) return wanted;
  const room = wanted + maxSurge - sizes.all;
  return room <= 0 ? sizes.fresh : sizes.fresh + Math.min(room, wanted - sizes.fresh);
}

/** What counts of a replica set while it is scaled down. */
type OldSet = { size: number; available: number };

/**
 * The sizes of the old replica sets, oldest first. Pods that do not work go first, because losing them costs nothing;
 * working ones go only while enough others are available.
 */
export function oldSetSizes(
  old: readonly OldSet[],
  fresh: OldSet,
  { wanted, maxUnavailable }: { wanted: number; maxUnavailable: number },
): number[] {
  const total = (sets: readonly OldSet[], of: keyof OldSet) => sets.reduce((sum, set) => sum + set[of], 0);
  const minAvailable = wanted - maxUnavailable;
  const budget = total(old, 'size') + fresh.size - minAvailable - (fresh.size - fresh.available);
  if (budget <= 0) return old.map(({ size }) => size);
  const cleaned = takeAway(
    old.map((set) => ({ size: set.size, spare: Math.max(0, set.size - set.available) })),
    budget,
  );
  const available = total(old, 'available') + fresh.available;
  const left = old.map((set, index) => ({ size: cleaned[index] ?? set.size, spare: cleaned[index] ?? set.size }));
  return takeAway(left, Math.max(0, available - minAvailable));
}

function takeAway(sets: readonly { size: number; spare: number }[], budget: number): number[] {
  let left = budget;
  return sets.map(({ size, spare }) => {
    const taken = Math.min(spare, left);
    left -= taken;
    return size - taken;
  });
}
