import { Timestamp } from '@aetherius/shared/contracts';
import { errors } from '@aetherius/shared/errors';
import { decodeCursor, encodeCursor } from '@aetherius/shared/http';
import { z } from 'zod';

/** The place in a list ordered by time and id, newest first. */
export type Place = { at: string; id: string };

/** Text of a caller that Postgres can compare with: bounded, and without what it cannot store. */
export const QueryText = z
  .string()
  .min(1)
  .max(300)
  .refine((text) => !text.includes('\0') && text.isWellFormed(), 'holds a character that cannot be searched for');

/** A moment of a caller, within what a store can compare with. */
export const QueryTime = Timestamp.refine((at) => !(Date.parse(at) < 0), 'lies before 1970');

const Key = z.tuple([QueryTime, QueryText]);

/** Where a page begins; undefined for the first one. */
export function placeOf(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const key = Key.safeParse(decodeCursor(cursor));
  if (!key.success)
    throw errors.invalid_input({ fields: [{ field: 'query.cursor', message: 'is not a cursor of this list' }] });
  const [at, id] = key.data;
  return { at, id };
}

/** A page out of rows of which one more than `limit` was asked for. */
export function pageOf<T>(
  rows: T[],
  limit: number,
  place: (row: T) => Place,
): { items: T[]; next_cursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items, next_cursor: null };
  const { at, id } = place(last);
  return { items, next_cursor: encodeCursor([at, id]) };
}
