import { expect, it } from '@jest/globals';
import { callGraph, reachable } from './call-graph.ts';

const graph = callGraph([
  { caller: 'a', callee: 'b' },
  { caller: 'b', callee: 'c' },
  { caller: 'c', callee: 'a' },
  { caller: 'b', callee: 'b' },
  { caller: 'x', callee: 'a' },
]);

it('reaches what is called, directly or not, through cycles and without itself', () => {
  expect(reachable(graph, 'a')).toEqual(['b', 'c']);
});

it('walks only through what it is told to', () => {
  expect(reachable(graph, 'a', (entity) => entity !== 'b')).toEqual([]);
});

it('knows callers, and no calls to oneself', () => {
  expect(graph.callers('a')).toEqual(['c', 'x']);
  expect(graph.callees('b')).toEqual(['c']);
  expect(graph.callees('nobody')).toEqual([]);
});
