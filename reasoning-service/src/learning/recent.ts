type Read<T> = { at: number; value: Promise<T> };

/** A way to read by key that asks again only once an answer is older than `forMs`; of the newest `most` keys. */
export function createRecent<T>({ forMs, most }: { forMs: number; most: number }) {
  const kept = new Map<string, Read<T>>();
  return (key: string, now: Date, read: () => Promise<T>): Promise<T> => {
    const at = now.getTime();
    const known = kept.get(key);
    // A clock that was set back must not keep an answer for long.
    if (known !== undefined && Math.abs(at - known.at) < forMs) return known.value;
    const one = { at, value: read() };
    kept.delete(key);
    kept.set(key, one);
    if (kept.size > most) for (const oldest of kept.keys().take(1)) kept.delete(oldest);
    // What failed is asked again at once.
    one.value.catch(() => kept.get(key) === one && kept.delete(key));
    return one.value;
  };
}
