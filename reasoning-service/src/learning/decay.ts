/** After this many days an end counts half: clusters and programs change. */
export const HALF_LIFE_DAYS = 90;
const DAY_MS = 86_400_000;

/** What an end of that time still weighs, 1 for now. */
export const weightAt = (at: string, now: Date): number =>
  0.5 ** (Math.max(0, now.getTime() - Date.parse(at)) / DAY_MS / HALF_LIFE_DAYS);

/** How often something worked and how often not, older ends counting less. */
export function decayed(
  ends: readonly { worked: boolean; at: string }[],
  now: Date,
): { worked: number; failed: number } {
  const sum = (worked: boolean) =>
    ends.filter((end) => end.worked === worked).reduce((total, { at }) => total + weightAt(at, now), 0);
  return { worked: sum(true), failed: sum(false) };
}
