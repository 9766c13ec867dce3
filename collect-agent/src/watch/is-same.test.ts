import { describe, expect, it } from '@jest/globals';
import { isSame } from './is-same.ts';

const pod = { metadata: { name: 'p', labels: { app: 'shop' } }, status: { conditions: [{ type: 'Ready' }, null, 1] } };

describe('isSame', () => {
  it('is true of what says the same, in whatever order its fields stand', () => {
    expect(isSame(pod, structuredClone(pod))).toBe(true);
    expect(isSame({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  });

  it.each([
    ['another value', { a: 1 }, { a: 2 }],
    ['another name', { a: 1 }, { b: 1 }],
    ['a name more', { a: 1 }, { a: 1, b: 1 }],
    ['null', { a: null }, { a: {} }],
    ['a list for an object', { a: [] }, { a: {} }],
    ['a longer list', { a: [1] }, { a: [1, 1] }],
    ['text for a number', { a: 1 }, { a: '1' }],
  ])('is false of %s', (_what, one, other) => {
    expect([isSame(one, other), isSame(other, one)]).toEqual([false, false]);
  });
});
