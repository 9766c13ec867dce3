import { readFile } from 'node:fs/promises';

/** One message that waits to be sent; `id` is its message id on the bus. */
export type Entry = {
  id: string;
  subject: string;
  at: string;
  body: unknown;
  /** Where in a trace it was written. */
  traceparent?: string | undefined;
};

/** What is known of one file of the spool. */
export type Segment = { number: number; bytes: number; entries: number; first_at: string; last_at: string };

export const emptySegment = (number: number): Segment => ({ number, bytes: 0, entries: 0, first_at: '', last_at: '' });

/** The segment after one more entry. */
export const withEntry = (segment: Segment, { at }: Entry, bytes: number): Segment => ({
  number: segment.number,
  bytes: segment.bytes + bytes,
  entries: segment.entries + 1,
  first_at: segment.first_at || at,
  last_at: at,
});

/** File names sort as their numbers do. */
export const fileOf = (number: number): string => `${String(number).padStart(10, '0')}.log`;

/** The number in a segment's file name; undefined for any other file. */
export const numberOf = (file: string): number | undefined =>
  /^\d{10}\.log$/.test(file) ? Number(file.slice(0, 10)) : undefined;

export const lineOf = (entry: Entry): string => `${JSON.stringify(entry)}\n`;

/** The entries of a file in order. A line without its end was being written when the process died: it is dropped and counted. */
export async function readSegment(path: string): Promise<{ entries: Entry[]; torn: number }> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  const entries = lines.map(parsed).filter((entry) => entry !== undefined);
  return { entries, torn: lines.length - entries.length };
}

function parsed(line: string): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    const isEntry = typeof entry === 'object' && entry !== null && 'id' in entry && 'subject' in entry;
    return isEntry ? (entry as Entry) : undefined;
  } catch {
    return undefined;
  }
}
