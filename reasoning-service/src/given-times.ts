import { errors } from '@aetherius/shared/errors';

/** A sender's clock may be ahead by so much. */
const AHEAD_MS = 300_000;

/** Whether nothing can have been measured at a time yet; such a point would make every later one look old. */
export const isAhead = (at: number, now: Date): boolean => at > now.getTime() + AHEAD_MS;

/** A time of a body, with the name of its field. */
type GivenTime = { field: string; at: string };

type Points = { points: readonly { at: string }[] };

/** The times of the points in one part of a body. */
export const timesOf = (part: string, { points }: Points): GivenTime[] =>
  points.map(({ at }, row) => ({ field: `${part}.points.${row}.at`, at }));

/** The times of the points in a list of a body. */
export const timesIn = (list: string, all: readonly Points[]): GivenTime[] =>
  all.flatMap((one, of) => timesOf(`${list}.${of}`, one));

function problemOf(at: number, latest: Date): string | undefined {
  if (isAhead(at, latest)) return `lies in the future of ${latest.toISOString()}`;
  return at < 0 ? 'lies before 1970, as a time that was never set does' : undefined;
}

/** Refuses times at which nothing was measured up to the latest one. */
export function refuseUnmeasured(given: readonly GivenTime[], latest: Date): void {
  for (const { field, at } of given) {
    const message = problemOf(Date.parse(at), latest);
    if (message !== undefined) throw errors.invalid_input({ fields: [{ field: `body.${field}`, message }] });
  }
}
