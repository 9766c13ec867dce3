import { describe, expect, it } from '@jest/globals';
import { brokenAt, CHAIN_START, type Link, linkHash } from './chain.ts';

const chain = (records: string[]): Link[] => {
  let previous_hash = CHAIN_START;
  return records.map((record, index) => {
    const link = { seq: index + 1, record, previous_hash, hash: linkHash(previous_hash, record) };
    previous_hash = link.hash;
    return link;
  });
};
const start = { seq: 0, hash: CHAIN_START };

describe('the audit chain', () => {
  it('holds, also when it is walked in pieces', () => {
    const links = chain(['a', 'b', 'c']);
    expect(brokenAt(links, start)).toBeUndefined();
    expect(brokenAt(links.slice(1), links[0] ?? start)).toBeUndefined();
  });

  it('shows a changed and a missing record', () => {
    const links = chain(['a', 'b', 'c']);
    expect(
      brokenAt(
        links.map((link) => (link.seq === 2 ? { ...link, record: 'x' } : link)),
        start,
      ),
    ).toBe(2);
    expect(
      brokenAt(
        links.filter((link) => link.seq !== 2),
        start,
      ),
    ).toBe(3);
  });
});
