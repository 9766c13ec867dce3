import { describe, expect, it } from '@jest/globals';
import { compare } from './compare.ts';
import { unexplained } from './known-differences.ts';

describe('compare', () => {
  it('tells what only one of both said', () => {
    expect(compare(['both', 'real only'], ['both', 'simulated only'])).toEqual({
      missing: ['real only'],
      extra: ['simulated only'],
    });
  });

  it('finds nothing between equals, whatever their order', () => {
    expect(compare(['a', 'b'], ['b', 'a'])).toEqual({ missing: [], extra: [] });
  });
});

describe('unexplained', () => {
  const event = 'Created | Normal | kubelet | Pod | Container created';

  it('lets a kubelet event pass only where KWOK plays the kubelet', () => {
    expect(unexplained('node_not_ready', { missing: [], extra: [event] }).extra).toEqual([]);
    expect(unexplained('oom_killed', { missing: [], extra: [event] }).extra).toEqual([event]);
  });

  it('lets nothing pass on the other side', () => {
    expect(unexplained('node_not_ready', { missing: [event], extra: [] }).missing).toEqual([event]);
  });
});
