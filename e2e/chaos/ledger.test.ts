import { describe, expect, it } from '@jest/globals';
import { type Broken, type Counts, isGood, rowOf, tableOf } from './ledger.ts';

const repaired: Broken = { name: 'cart', changes: 1, marks: 1, healthy: true, resolved: true, found: true };
const counts: Counts = { sent: 100, rows: 100, distinct: 100, tallied: 100, cut: 0, broken: [repaired], unfinished: 0 };
const normal = { seconds: 3.5, problems: [] };
const row = (changed: Partial<Counts>) => rowOf('bus-away', { ...counts, ...changed }, normal);

describe('rowOf', () => {
  it('finds nothing wrong where all was stored once and each repair made once', () => {
    expect(row({})).toMatchObject({ stored: 100, doubled: 0, lost: 0, actions: 1, actions_twice: 0, wrong_quiet: 0 });
    expect(isGood(row({}))).toBe(true);
  });

  it.each<[string, Partial<Counts>, object]>([
    ['an event without a row', { rows: 99, distinct: 99 }, { lost: 1 }],
    ['an event that no incident counts', { tallied: 98 }, { lost: 2 }],
    ['two rows of one event', { rows: 101 }, { doubled: 1 }],
    ['an event that an incident counts twice', { tallied: 101 }, { doubled: 1 }],
    ['a change that was made twice', { broken: [{ ...repaired, changes: 2 }] }, { actions_twice: 1 }],
    ['a run that does not end', { unfinished: 1 }, { stuck: 1 }],
    ['a broken workload that counts as repaired', { broken: [{ ...repaired, healthy: false }] }, { wrong_quiet: 1 }],
    [
      'a broken workload that nobody speaks of',
      { broken: [{ ...repaired, healthy: false, resolved: false, found: false }] },
      { wrong_quiet: 1 },
    ],
  ])('tells %s', (_, changed, told) => {
    expect(row(changed)).toMatchObject(told);
    expect(isGood(row(changed))).toBe(false);
  });

  it('does not call lost what the agent said that it had to cut', () => {
    expect(row({ rows: 60, distinct: 60, tallied: 60, cut: 40 })).toMatchObject({ lost: 0, counted_cut: 40 });
    expect(row({ rows: 60, distinct: 60, tallied: 60, cut: 39 })).toMatchObject({ lost: 1 });
  });

  it('is not good when it never became normal', () => {
    expect(isGood(rowOf('bus-away', counts, { seconds: null, problems: [] }))).toBe(false);
  });
});

describe('tableOf', () => {
  it('puts each fault on a line of its own', () => {
    const lines = tableOf([row({}), rowOf('database-away', counts, { seconds: null, problems: [] })]).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^bus-away\s+100\s+100\s+0\s+0\s+0\s+1\s+0\s+0\s+0\s+3\.5$/);
    expect(lines[2]).toMatch(/never$/);
  });
});
