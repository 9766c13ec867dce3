import { expect, it } from '@jest/globals';
import { PredictionRequest, predict } from './prediction.ts';

const now = new Date('2026-03-10T00:00:00Z');
const filling = Array.from({ length: 96 }, (_, row) => ({
  at: new Date(now.getTime() - (95 - row) * 3_600_000).toISOString(),
  value: 400 + 5 * row + (row % 3),
}));
const predicted = (resources: object[], window = '24h') =>
  predict(
    PredictionRequest.parse({
      ...{ cluster_id: 'eu-1', resource_type: 'pod', resource_name: 'checkout-0' },
      ...{ resources, time_window: window },
    }),
    now,
  );

it('tells how far ahead its past really looked, and is no surer than that', () => {
  const points = filling.slice(-12).map(({ at, value }, row) => ({ at, value: value + (row % 2) }));
  const ahead = (window: string) => predicted([{ kind: 'disk', name: 'data', limit: 975, points: filling }], window);
  const [near, far] = [ahead('6h'), ahead('10d')];
  expect(near.forecasts[0]?.past_accuracy?.seconds_ahead).toBe(6 * 3600);
  const looked = far.forecasts[0]?.past_accuracy?.seconds_ahead ?? 0;
  expect(looked).toBeGreaterThan(12 * 3600);
  expect(looked).toBeLessThan(0.6 * 95 * 3600);
  expect(far.confidence).toBeLessThan(0.75);
  expect(near.confidence).toBeGreaterThan(far.confidence);
  expect(predicted([{ kind: 'disk', name: 'data', limit: 975, points }]).confidence).toBe(0.5);
});
