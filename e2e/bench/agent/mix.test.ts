import { describe, expect, it } from '@jest/globals';
import { type ChangeKind, kindOf } from './mix.ts';

describe('the mix of changes', () => {
  it('is the same in each forty', () => {
    const count = (kind: ChangeKind) =>
      Array.from({ length: 40 }, (_, at) => kindOf(at + 400)).filter((one) => one === kind).length;
    expect([count('warn'), count('note'), count('replace'), count('report')]).toEqual([2, 10, 1, 27]);
  });
});
