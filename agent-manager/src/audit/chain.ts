import { createHash } from 'node:crypto';

/** One link: `record` is the stored text of the audit record. */
export type Link = { seq: number; record: string; previous_hash: string; hash: string };

/** What the first link points back to. */
export const CHAIN_START = '0'.repeat(64);

/** The hash of a record that follows `previous`. */
export const linkHash = (previous: string, record: string): string =>
  createHash('sha256').update(`${previous}\n${record}`).digest('hex');

/** The first place where a run of links does not hold together, or undefined. */
export function brokenAt(links: readonly Link[], previous: { seq: number; hash: string }): number | undefined {
  let last = previous;
  for (const link of links) {
    const follows = link.seq === last.seq + 1 && link.previous_hash === last.hash;
    if (!follows || link.hash !== linkHash(last.hash, link.record)) return link.seq;
    last = link;
  }
  return undefined;
}
