import { expect, it } from '@jest/globals';
import { keepsOff } from './taint.ts';

const taint = { key: 'pool', value: 'gpu', effect: 'NoSchedule' };

it.each([
  [taint, [], true],
  [taint, [{ key: 'pool', value: 'gpu' }], false],
  [taint, [{ key: 'pool', operator: 'Equal', value: 'web' }], true],
  [taint, [{ key: 'pool', operator: 'Exists', effect: 'NoSchedule' }], false],
  [taint, [{ key: 'pool', operator: 'Exists', effect: 'NoExecute' }], true],
  [taint, [{ operator: 'Exists' }], false],
  [{ key: 'pool', effect: 'NoSchedule' }, [{ key: 'pool', operator: 'Equal' }], false],
  [{ ...taint, effect: 'PreferNoSchedule' }, [], false],
  [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }, [], false],
])('%j with %j', (one, tolerations, expected) => {
  expect(keepsOff(one, tolerations)).toBe(expected);
});
