import { describe, expect, it } from '@jest/globals';
import { noteHealth, type Readiness, readyFor } from './revision-health.ts';

/** Looks as [second, wanted, ready]. */
const after = (...looks: [second: number, wanted: number, ready: number][]): Readiness | undefined =>
  looks.reduce<Readiness | undefined>(
    (known, [second, wanted, ready]) => noteHealth(known, { uid: 'r', wanted, ready }, second * 1000),
    undefined,
  );
const readyMs = (known: Readiness | undefined, second: number) => known && readyFor(known, second * 1000);

describe('the health of a revision', () => {
  it('grows while all pods are ready', () => expect(readyMs(after([0, 2, 1], [1, 2, 2], [4, 2, 2]), 7)).toBe(6_000));

  it('stays known when the revision is scaled away', () =>
    expect(readyMs(after([0, 2, 2], [8, 1, 2], [9, 0, 1], [10, 0, 0]), 100)).toBe(9_000));

  it('is taken back when none of the wanted pods is ready', () => {
    expect(after([0, 2, 2], [9, 2, 0])).toBeUndefined();
    expect(readyMs(after([0, 2, 2], [9, 2, 0], [10, 2, 2]), 11)).toBe(1_000);
  });

  it('is unknown of one that never had them all', () => expect(after([0, 3, 1], [1, 3, 2])).toBeUndefined());
});
