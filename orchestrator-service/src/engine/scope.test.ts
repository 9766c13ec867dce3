import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Entry } from './journal.ts';
import { stepsSeenFrom } from './scope.ts';

const entry = (path: string, n: number): Entry => ({
  path,
  kind: 'command',
  status: 'done',
  attempt: 1,
  input: null,
  output: { n },
  reason: null,
  correlation_id: null,
  answer: null,
  deadline: null,
  wake_at: null,
  started_at: '',
  finished_at: null,
});
const journalOf = (entries: Entry[]) => new Map(entries.map((one) => [one.path, one]));
const entries = [
  entry('a/look', 1),
  entry('b/look', 2),
  entry('b/l#2/look', 3),
  entry('b/l#10/look', 4),
  entry('done', 5),
];

describe('stepsSeenFrom', () => {
  it('shows the nearest step of a name, then the later round', () => {
    expect(stepsSeenFrom('a/act', journalOf(entries))['look']?.output).toEqual({ n: 1 });
    expect(stepsSeenFrom('b/l#2/act', journalOf(entries))['look']?.output).toEqual({ n: 3 });
    expect(
      stepsSeenFrom('c/act', journalOf([entry('b/l#2/look', 3), entry('b/l#10/look', 4)]))['look']?.output,
    ).toEqual({ n: 4 });
    expect(stepsSeenFrom('a/act', journalOf(entries))['done']?.output).toEqual({ n: 5 });
  });

  it('does not depend on the order of completion', () => {
    const order = fc.shuffledSubarray(entries, { minLength: entries.length });
    const places = fc.constantFrom('a/act', 'b/act', 'b/l#2/act', 'c');
    fc.assert(
      fc.property(order, places, (shuffled, place) => {
        expect(stepsSeenFrom(place, journalOf(shuffled))).toEqual(stepsSeenFrom(place, journalOf(entries)));
      }),
    );
  });
});
