import { expect, it } from '@jest/globals';
import { parseScheduling } from './scheduling.ts';

it('counts nodes per reason and leaves the preemption part out', () => {
  const message =
    "0/6 nodes are available: 1 Insufficient memory, 2 node(s) didn't match Pod's node affinity/selector, 3 node(s) had untolerated taint {a: b}. preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling.";
  expect(parseScheduling(message)).toEqual({
    nodes: 6,
    reasons: [
      { count: 1, text: 'Insufficient memory' },
      { count: 2, text: "node(s) didn't match Pod's node affinity/selector" },
      { count: 3, text: 'node(s) had untolerated taint {a: b}' },
    ],
  });
  expect(parseScheduling('no nodes available to schedule pods')).toBeUndefined();
});
