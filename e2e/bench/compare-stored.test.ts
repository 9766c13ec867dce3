import { describe, expect, it } from '@jest/globals';
import { compareStored } from './compare-stored.ts';

const sent = {
  ids: new Set(['a', 'b', 'c']),
  about: new Map([
    ['cart', 2],
    ['till', 1],
  ]),
};

describe('what was sent beside what is stored', () => {
  it('finds nothing wrong where all is there once', () => {
    const rows = new Map([
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ]);
    expect(
      compareStored(sent, {
        rows,
        counted: new Map([
          ['cart', 2],
          ['till', 1],
        ]),
      }),
    ).toEqual({
      stored: 3,
      lost: 0,
      doubled: 0,
      strange: 0,
      miscounted: 0,
    });
  });

  it('tells the lost, the doubled, the strange and the miscounted apart', () => {
    const rows = new Map([
      ['a', 3],
      ['b', 1],
      ['z', 1],
    ]);
    const counted = new Map([
      ['cart', 3],
      ['ghost', 1],
    ]);
    expect(compareStored(sent, { rows, counted })).toEqual({
      stored: 2,
      lost: 1,
      doubled: 2,
      strange: 1,
      miscounted: 3,
    });
  });
});
