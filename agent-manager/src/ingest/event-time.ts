const DAY_MS = 86_400_000;
const OLDEST_MS = 30 * DAY_MS;
const NEWEST_MS = DAY_MS;
/** The day of events whose clock says nothing: one for all, so that a redelivery still meets its first copy. */
const NO_DAY = '1970-01-01';

/** The UTC day that an event is filed under and the time that it counts with: its own, unless its clock is absurd. */
export function eventTime(timestamp: string, received: Date): { day: string; at: string } {
  const time = Date.parse(timestamp);
  const age = received.getTime() - time;
  if (Number.isNaN(time) || age > OLDEST_MS || age < -NEWEST_MS) return { day: NO_DAY, at: received.toISOString() };
  const at = new Date(time).toISOString();
  return { day: at.slice(0, 10), at };
}

/** The days that need a partition of their own now: the week a spool can hold, today, and three ahead. */
export function daysAround(now: Date): string[] {
  return Array.from({ length: 11 }, (_, index) =>
    new Date(now.getTime() + (index - 7) * DAY_MS).toISOString().slice(0, 10),
  );
}
