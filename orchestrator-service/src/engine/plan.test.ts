import { describe, expect, it } from '@jest/globals';
import type { Entry } from './journal.ts';
import type { Leaf, Node, Sequence } from './node.ts';
import { plan } from './plan.ts';

const leaf = (id: string): Leaf => ({ id, kind: 'wait', retries: 0, duration: '1s' });
const root = (...steps: Node[]): Sequence => ({ kind: 'sequence', id: 'w', steps });
const journal = (states: Record<string, 'started' | 'done' | 'failed' | { chosen: number } | { items: number[] }>) =>
  new Map(
    Object.entries(states).map(([path, state]): [string, Entry] => [
      path,
      {
        path,
        kind: 'wait',
        status: typeof state === 'string' ? state : 'done',
        attempt: 1,
        input: null,
        output: typeof state === 'string' ? null : state,
        reason: state === 'failed' ? 'broken' : null,
        correlation_id: null,
        answer: null,
        deadline: null,
        wake_at: null,
        started_at: '',
        finished_at: null,
      },
    ]),
  );
const due = (tree: Sequence, states: Parameters<typeof journal>[0] = {}) => {
  const { state, start, open } = plan(tree, journal(states));
  return [state, start.map((place) => place.path), open.map((place) => place.path)];
};

describe('plan', () => {
  it('starts the first step, waits for it, then goes on', () => {
    const tree = root(leaf('a'), leaf('b'));
    expect(due(tree)).toEqual(['open', ['a'], []]);
    expect(due(tree, { a: 'started' })).toEqual(['open', [], ['a']]);
    expect(due(tree, { a: 'done' })).toEqual(['open', ['b'], []]);
    expect(due(tree, { a: 'done', b: 'done' })).toEqual(['done', [], []]);
    expect(due(tree, { a: 'failed' })).toEqual(['failed', [], []]);
  });

  it('lets every branch come to its end before one that failed counts', () => {
    const tree = root({ kind: 'parallel', id: 'p', branches: [leaf('a'), leaf('b')] });
    expect(due(tree)).toEqual(['open', ['p/a', 'p/b'], []]);
    expect(due(tree, { 'p/a': 'failed', 'p/b': 'started' })).toEqual(['open', [], ['p/b']]);
    expect(due(tree, { 'p/a': 'failed', 'p/b': 'done' })[0]).toBe('failed');
  });

  it('asks the question of a choice once, and never takes an open question for a no', () => {
    const tree = root({
      kind: 'choice',
      id: 'c',
      cases: [{ when: 'x', steps: [leaf('yes')] }],
      otherwise: [leaf('no')],
    });
    expect(due(tree)).toEqual(['open', ['c?'], []]);
    expect(due(tree, { 'c?': 'started' })).toEqual(['open', [], ['c?']]);
    expect(due(tree, { 'c?': { chosen: 0 } })).toEqual(['open', ['c/yes'], []]);
    expect(due(tree, { 'c?': { chosen: -1 } })).toEqual(['open', ['c/no'], []]);
  });
});

describe('plan of loops and tries', () => {
  it('loops until its question is answered with yes, and fails at its limit', () => {
    const tree = root({
      kind: 'loop',
      id: 'l',
      max: 2,
      until: 'x',
      for_each: null,
      exhausted: 'enough',
      body: leaf('b'),
    });
    expect(due(tree)).toEqual(['open', ['l#0/b'], []]);
    expect(due(tree, { 'l#0/b': 'done' })).toEqual(['open', ['l#0?'], []]);
    expect(due(tree, { 'l#0/b': 'done', 'l#0?': { chosen: 0 } })[0]).toBe('done');
    const twice = journal({ 'l#0/b': 'done', 'l#0?': { chosen: -1 }, 'l#1/b': 'done', 'l#1?': { chosen: -1 } });
    expect(plan(tree, twice)).toMatchObject({ state: 'failed', reason: 'enough' });
  });

  it('hands each element of a for_each to its round', () => {
    const tree = root({ kind: 'loop', id: 'l', max: 5, until: null, for_each: 'x', exhausted: 'e', body: leaf('b') });
    expect(due(tree)).toEqual(['open', ['l?'], []]);
    const { start } = plan(tree, journal({ 'l?': { items: [7, 8] }, 'l#0/b': 'done' }));
    expect(start.map(({ path, item }) => [path, item])).toEqual([['l#1/b', 8]]);
    expect(due(tree, { 'l?': { items: [] } })[0]).toBe('done');
  });

  it('catches a failure, always cleans up, and never catches an escalation', () => {
    const escalate: Leaf = { kind: 'escalate', id: 'e', retries: 0, message: 'm', outcome: 'not_repaired' };
    const tree = root(
      { kind: 'try', id: 't', steps: [leaf('a')], on_failure: [leaf('f')], always: [leaf('z')] },
      leaf('n'),
    );
    expect(due(tree, { 't/a': 'done' })).toEqual(['open', ['t/z'], []]);
    expect(due(tree, { 't/a': 'failed' })).toEqual(['open', ['t/f'], []]);
    expect(due(tree, { 't/a': 'failed', 't/f': 'done', 't/z': 'done' })).toEqual(['open', ['n'], []]);
    expect(due(tree, { 't/a': 'failed', 't/f': 'failed', 't/z': 'done' })[0]).toBe('failed');
    const ends = root(
      { kind: 'try', id: 't', steps: [escalate], on_failure: [leaf('f')], always: [leaf('z')] },
      leaf('n'),
    );
    expect(due(ends, { 't/e': 'done' })).toEqual(['open', ['t/z'], []]);
    expect(due(ends, { 't/e': 'done', 't/z': 'done' })).toEqual(['ended', [], []]);
  });
});
