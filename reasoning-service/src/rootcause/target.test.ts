import { expect, it } from '@jest/globals';
import { checkTarget, parseTarget } from './target.ts';

const series = [
  { entity: 'a::b', metric: 'latency-90', kind: 'latency', times: [], values: [] },
  { entity: 'a::b', metric: 'cpu', kind: 'cpu', times: [], values: [] },
] as const;

it('splits at the last colon', () => {
  expect(parseTarget('a::b:latency')).toEqual({ entity: 'a::b', metric: 'latency' });
  expect(parseTarget('latency')).toBeUndefined();
  expect(parseTarget('a:')).toBeUndefined();
});

it('takes a metric by name or kind, and says what there is instead', () => {
  expect(checkTarget({ entity: 'a::b', metric: 'latency' }, series)).toEqual({
    target: { entity: 'a::b', metric: 'latency' },
  });
  expect(checkTarget({ entity: 'a::b', metric: 'cpu' }, series)).toEqual({
    problem: expect.stringContaining('latency-90, cpu'),
  });
  expect(checkTarget({ entity: 'x', metric: 'latency' }, series)).toEqual({
    problem: expect.stringContaining('there are a::b'),
  });
});
