import { expect, it } from '@jest/globals';
import { callGraph } from './call-graph.ts';
import { explainAway } from './explain-away.ts';

it('leaves a caller that only waits nothing, and the callee all', () => {
  const graph = callGraph([{ caller: 'a', callee: 'b' }]);
  const own = explainAway(
    new Map([
      ['a', 10],
      ['b', 20],
    ]),
    graph,
    0.7,
  );
  expect(own).toEqual(
    new Map([
      ['a', 0],
      ['b', 20],
    ]),
  );
});

it('takes off only the share that it is told', () => {
  const graph = callGraph([{ caller: 'a', callee: 'b' }]);
  expect(
    explainAway(
      new Map([
        ['a', 10],
        ['b', 10],
      ]),
      graph,
      0.7,
    ).get('a'),
  ).toBeCloseTo(3);
});
