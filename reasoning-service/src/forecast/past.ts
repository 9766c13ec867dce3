import type { Point } from './trend.ts';

/** The past has to be at least this share of the look ahead. */
export const LEAST_PAST = 0.25;

/** Seconds from the first point to the last. */
export const spanOf = (points: readonly Point[]): number => (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);

/** A time as people read it. */
export const hours = (seconds: number): string => `${(seconds / 3600).toFixed(1)} h`;

/** Why so few points say nothing. */
export const tooLittle = (points: readonly Point[], least: number): string =>
  `${points.length} points since the last clean-up or start; ${least} are the least`;

/** Why a past is too short for a look so far ahead; undefined where it is long enough. */
export const tooShort = (points: readonly Point[], ahead: number): string | undefined =>
  spanOf(points) < LEAST_PAST * ahead
    ? `${hours(spanOf(points))} of history say nothing about ${hours(ahead)} ahead; a quarter of that is the least`
    : undefined;

/**
 * Why a history says nothing about the present any more: it ended longer ago than it lasted, or than is asked ahead. One that
 * ended within two of its own steps is never old.
 */
export function tooOld(
  points: readonly Point[],
  { now, seconds }: { now: number; seconds: number },
): string | undefined {
  const last = points.at(-1);
  if (last === undefined) return undefined;
  const span = spanOf(points);
  const age = now - last.at;
  const step = span / Math.max(1, points.length - 1);
  if (age <= Math.max(2 * step, Math.min(span, seconds))) return undefined;
  return `the history is stale: it ended ${hours(age)} ago, after ${hours(span)}, and ${hours(seconds)} ahead are asked`;
}
