/**
 * How many bundles may be made, so many in any minute. What has had none for a while may use them all; more reasons of what has one,
 * and the same reason again after a minute, no more than half: what is told over and over must not leave a new fault without evidence.
 */
export type Allowance = {
  /** `owed` when there would be evidence but for the limit, `enough` when there is some of this reason already. */
  take: (fingerprint: string, reason: string, nowMs: number) => 'granted' | 'owed' | 'enough';
};

const MINUTE_MS = 60_000;
/** So long one bundle speaks for its reason, where others have none. */
const REMEMBERED_MS = 10 * MINUTE_MS;

/** An allowance that has granted nothing yet; it keeps no more than `perMinute` entries for each minute that it remembers. */
export function createAllowance({ perMinute }: { perMinute: number }): Allowance {
  const had = new Map<string, number>();
  let granted: { at: number; isFirst: boolean }[] = [];

  const forget = (nowMs: number) => {
    granted = granted.filter(({ at }) => nowMs - at < MINUTE_MS);
    for (const [key, at] of had) {
      if (nowMs - at < REMEMBERED_MS) return;
      had.delete(key);
    }
  };
  // Put in anew, so that the oldest stay in front and a storm need not look through all of them each time.
  const remember = (key: string, nowMs: number) => {
    had.delete(key);
    had.set(key, nowMs);
  };
  const isRoom = (isFirst: boolean): boolean =>
    granted.length < perMinute && (isFirst || granted.filter((one) => !one.isFirst).length < perMinute / 2);

  return {
    take: (fingerprint, reason, nowMs) => {
      forget(nowMs);
      const key = `${fingerprint} ${reason}`;
      const last = had.get(key);
      if (last !== undefined && nowMs - last < MINUTE_MS) return 'enough';
      const isFirst = !had.has(fingerprint);
      if (!isRoom(isFirst)) return last === undefined ? 'owed' : 'enough';
      granted.push({ at: nowMs, isFirst });
      remember(fingerprint, nowMs);
      remember(key, nowMs);
      return 'granted';
    },
  };
}
