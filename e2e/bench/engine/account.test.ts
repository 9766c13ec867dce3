import { describe, expect, it } from '@jest/globals';
import { accountOf } from './account.ts';

const done = (...ids: string[]) => ids.map((correlation_id) => ({ correlation_id, attempt: 1 }));
const asked = (...ids: string[]) =>
  ids.reduce((all, id) => all.set(id, (all.get(id) ?? 0) + 1), new Map<string, number>());

describe('accountOf', () => {
  it('finds nothing where each step is done and was asked for once', () => {
    expect(accountOf({ expected: 2, done: done('a', 'b'), asked: asked('a', 'b') })).toEqual({
      steps_lost: 0,
      steps_doubled: 0,
      requests_repeated: 0,
    });
  });

  it.each([
    ['never ended', done('a'), asked('a', 'b')],
    ['is done though nobody was asked', done('a', 'b'), asked('a')],
  ])('counts a step that %s as lost', (_, rows, ids) => {
    expect(accountOf({ expected: 2, done: rows, asked: ids }).steps_lost).toBe(1);
  });

  it.each([
    ['was begun as another attempt', [...done('a'), { correlation_id: 'b@2', attempt: 2 }], asked('a', 'b', 'b@2')],
    ['was asked for under an id that no step has', done('a', 'b'), asked('a', 'b', 'c')],
  ])('counts a step that %s as doubled', (_, rows, ids) => {
    expect(accountOf({ expected: 2, done: rows, asked: ids })).toMatchObject({
      steps_doubled: 1,
      requests_repeated: 0,
    });
  });

  it('counts a request that came again under its own id apart', () => {
    const account = accountOf({ expected: 2, done: done('a', 'b'), asked: asked('a', 'b', 'b') });
    expect(account).toEqual({ steps_lost: 0, steps_doubled: 0, requests_repeated: 1 });
  });
});
