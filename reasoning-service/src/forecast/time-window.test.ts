import { expect, it } from '@jest/globals';
import { PredictionRequest } from './prediction.ts';

const faultsOf = (time_window: unknown) =>
  PredictionRequest.safeParse({
    cluster_id: 'eu-1',
    resource_type: 'pod',
    resource_name: 'x',
    time_window,
  }).error?.issues.map(({ path, message }) => [path.join('.'), message]);

it.each([
  ['0s', 'is longer than nothing'],
  ['31d', 'a duration of at most 30 days'],
  ['10000d', 'a duration of at most 30 days'],
])('the window of a forecast is not %s, in one sentence', (window, message) =>
  expect(faultsOf(window)).toEqual([['time_window', message]]),
);

it('the window of a forecast may be as long as any duration', () => expect(faultsOf('30d')).toBeUndefined());
