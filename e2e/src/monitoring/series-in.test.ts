import { describe, expect, it } from '@jest/globals';
import { seriesIn } from './series-in.ts';

describe('seriesIn', () => {
  it.each([
    ['absent(up{job="a"})', [{ series: 'up', labels: ['job'] }]],
    [
      'histogram_quantile(0.95, sum by (service, le) (rate(x_seconds_bucket{route!~"/a|b"}[5m]))) > 1',
      [{ series: 'x_seconds_bucket', labels: ['route'] }],
    ],
    [
      'sum(a) / sum(b{x="and",y=~"c"}) > 14.4 * 0.001 and max(rule:late:ratio_rate5m) > 1e6',
      [
        { series: 'a', labels: [] },
        { series: 'b', labels: ['x', 'y'] },
        { series: 'rule:late:ratio_rate5m', labels: [] },
      ],
    ],
    ['time() - max(t_seconds) > 30 * 86400', [{ series: 't_seconds', labels: [] }]],
    [
      'sum(rate(a[$__rate_interval])) by (service) or on(service) b',
      [
        { series: 'a', labels: [] },
        { series: 'b', labels: [] },
      ],
    ],
  ])('finds the series of %s', (expression, uses) => {
    expect(seriesIn(expression)).toEqual(uses);
  });
});
