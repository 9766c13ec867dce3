import { z } from 'zod';
import { Timestamp } from '../contracts/index.ts';

/** One page of a list; `next_cursor` is null on the last one. */
export const page = <S extends z.ZodType>(items: S) =>
  z.object({ items: z.array(items), next_cursor: z.string().nullable() });

/** Text of a caller to search for: something, and bounded. */
export const QueryText = z.string().min(1).max(300);

/** A moment of a caller, within what a store can compare with. */
export const QueryTime = Timestamp.refine((at) => !(Date.parse(at) < 0), 'lies before 1970');

/** A place in a list as an opaque word: the sort key of the last row. */
export const encodeCursor = (key: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** A cursor of a list that is sorted by `key`; comes out as that key. */
export const cursorOf = <K extends z.ZodType>(key: K) =>
  z
    .string()
    .max(500)
    .transform((cursor, context): z.output<K> => {
      const found = key.safeParse(decoded(cursor));
      if (found.success) return found.data;
      context.addIssue({ code: 'custom', message: 'is not a cursor of this list' });
      return z.NEVER;
    });

// What comes out of a cursor has passed no door yet: it may hold what no column can.
const Id = QueryText.refine((id) => !id.includes('\0') && id.isWellFormed());

/** The place in a list ordered by time and id. */
export const Place = z.tuple([QueryTime, Id]).transform(([at, id]) => ({ at, id }));
export type Place = z.infer<typeof Place>;

/** Page size and place of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: cursorOf(Place).optional(),
};

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
