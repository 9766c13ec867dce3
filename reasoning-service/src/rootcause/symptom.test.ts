import { expect, it } from '@jest/globals';
import { seriesOver } from '../../test/series-over.ts';
import { nodeView } from './symptom.ts';

const times = [0, 1000, 2000];
const { series: of } = seriesOver(times);
const series = (metric: string, values: number[]) => of('a', metric, values);

it('prefers the metric of the target, else a mean over a quantile', () => {
  const all = [series('latency_p99', [9, 9, 9]), series('latency_avg', [1, 1, 1]), series('latency_p50', [2, 2, 2])];
  expect(nodeView(all, 'latency', 'latency_p99')?.metric).toBe('latency_p99');
  expect(nodeView(all, 'latency', 'latency')?.metric).toBe('latency_avg');
});

it('reads failures from availability in percent, from an error rate, and from a count beside the requests', () => {
  expect(nodeView([series('availability', [100, 75, 50])], 'errors', '')?.measure.values).toEqual([0, 0.25, 0.5]);
  expect(nodeView([series('error_rate', [0, 0.25, 0.5])], 'errors', '')?.measure.values).toEqual([0, 0.25, 0.5]);
  const counted = [series('errors', [0, 25, 50]), series('requests', [100, 100, 100])];
  expect(nodeView(counted, 'errors', '')?.measure.values).toEqual([0, 0.25, 0.5]);
});

it('has no view of a node without the symptom', () => {
  expect(nodeView([series('cpu', [1, 2, 3])], 'latency', 'latency')).toBeUndefined();
});
