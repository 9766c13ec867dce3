import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seeded } from '../detection/random.ts';
import { PredictionRequest, PredictionResult, predict, refuseFuture } from './prediction.ts';
import { Resource } from './resource.ts';

const HOUR = 3_600_000;
const now = new Date('2026-03-10T00:00:00Z');

/** Hourly points that end now. */
const hourly = (rows: number, value: (row: number) => number) =>
  Array.from({ length: rows }, (_, row) => ({
    at: new Date(now.getTime() - (rows - 1 - row) * HOUR).toISOString(),
    value: value(row),
  }));

const asked = (given: object) =>
  PredictionRequest.parse({ cluster_id: 'eu-1', resource_type: 'pod', resource_name: 'checkout-0', ...given });
const predicted = (resources: object[], window = '24h') =>
  PredictionResult.parse(predict(asked({ resources, time_window: window }), now));

const noise = seeded(1);
const filling = hourly(96, (row) => 400 + 5 * row + 4 * noise());

describe('prediction', () => {
  it('extrapolates the time a filling disk has left, with a band and its past accuracy', () => {
    const result = predicted([{ kind: 'disk', name: 'data', limit: 975, points: filling }]);
    expect(result).toMatchObject({ status: 'answered', failure_types: ['disk'] });
    expect(result.failure_probability).toBeGreaterThan(0.9);
    const [forecast] = result.forecasts;
    expect(forecast?.seconds_to_limit?.value).toBeGreaterThan(17 * 3600);
    expect(forecast?.seconds_to_limit?.value).toBeLessThan(22 * 3600);
    expect(forecast?.past_accuracy?.checks).toBeGreaterThan(3);
    expect(forecast?.past_accuracy?.median_error).toBeLessThan(0.1);
    const failure = Date.parse(result.predicted_failure_time ?? '') - now.getTime();
    expect(failure / 1000).toBeCloseTo(forecast?.seconds_to_limit?.value ?? 0, -1);
  });

  it('finds nothing likely where the limit is far or the use falls', () => {
    const result = predicted([
      { kind: 'disk', name: 'data', limit: 5000, points: filling },
      { kind: 'quota', name: 'pods', limit: 500, points: hourly(96, (row) => 300 - row) },
    ]);
    expect(result).toMatchObject({ failure_probability: 0, failure_types: [], predicted_failure_time: null });
    expect(result.forecasts[1]?.seconds_to_limit?.value).toBeNull();
  });

  it('measures growth since the last clean-up only', () => {
    const points = hourly(120, (row) => (row < 80 ? 900 : 100 + 2 * (row - 80)));
    const [forecast] = predicted([{ kind: 'claim', name: 'data', limit: 1000, points }]).forecasts;
    expect(forecast?.seconds_to_limit?.value).toBeCloseTo(((1000 - 178) / 2) * 3600, -3);
  });

  describe('of values that come back again and again', () => {
    const memory = (value: (row: number) => number) =>
      predicted([{ kind: 'memory', name: 'api', limit: 100, points: hourly(96, value) }]);

    it('expects them to come back once more, within a band as wide as they go', () => {
      const result = memory((row) => 50 + (row % 12));
      expect(result.failure_probability).toBeLessThan(0.1);
      expect(result).toMatchObject({ failure_types: [], predicted_failure_time: null });
      const [forecast] = result.forecasts;
      expect(forecast?.at_end?.low).toBeLessThan(52);
      expect(forecast?.at_end?.high).toBeGreaterThan(59);
      expect(forecast?.past_accuracy?.within_band).toBeGreaterThan(0.6);
    });

    it('sees what is left behind each time', () => {
      const result = memory((row) => 20 + 3 * Math.floor(row / 12) + 40 * ((row % 12) / 12) + row / 4);
      expect(result.failure_types).toEqual(['memory']);
    });

    it.each([1, 4, 7, 11])('judges them alike at any time of a tooth, with noise (%i of 12)', (phase) => {
      const random = seeded(phase);
      const saw = (left: number) => {
        const points = hourly(96, (row) => 30 + left * row + 2 * ((row + phase) % 12) + random());
        return predicted([{ kind: 'memory', name: 'api', limit: 85, points }], '48h');
      };
      expect(saw(0)).toMatchObject({ failure_types: [], failure_probability: 0 });
      expect(saw(0.25).failure_types).toEqual(['memory']);
    });

    it('sees no failure in teeth that all end in one place, asked at the top of one', () => {
      const [forecast] = memory((row) => 88 - 5 * ((95 - row) % 16)).forecasts;
      expect(forecast).toMatchObject({ probability: 0, now: 88 });
    });

    it('expects the limit where they fell from it', () => {
      const result = memory((row) => 50 + 2.1 * ((row + 14) % 24));
      expect(result.failure_types).toEqual(['memory']);
    });

    it('expects the limit once they stand above all tops', () => {
      const result = memory((row) => (row < 60 ? 30 + 3 * (row % 12) : 30 + 1.7 * (row - 60)));
      expect(result.failure_types).toEqual(['memory']);
    });
  });

  it('is unsure by as much as it was wrong before', () => {
    const wandering = seeded(7);
    let value = 10;
    const points = hourly(120, () => {
      value += wandering() < 0.05 ? 8 * wandering() : 0.02;
      return value;
    });
    const [forecast] = predicted([{ kind: 'disk', name: 'data', limit: 100, points }]).forecasts;
    const { value: expected, low, high } = forecast?.seconds_to_limit ?? { value: null, low: null, high: null };
    expect((low ?? 0) / (expected ?? 1)).toBeLessThan(0.85);
    expect((high ?? Number.POSITIVE_INFINITY) / (expected ?? 1)).toBeGreaterThan(1.2);
  });

  describe('of a history that ended before now', () => {
    const disk = (hoursAgo: number, window: string) => {
      const points = hourly(48, (row) => 40 + row).map(({ at, value }) => ({
        at: new Date(Date.parse(at) - hoursAgo * HOUR).toISOString(),
        value,
      }));
      return predicted([{ kind: 'disk', name: 'data', limit: 100, points }], window);
    };

    it.each([0, 2, 6])('counts what is left from now on (%i hours)', (hoursAgo) => {
      const result = disk(hoursAgo, '24h');
      expect(result.forecasts[0]?.seconds_to_limit?.value).toBeCloseTo((13 - hoursAgo) * 3600, -1);
      expect(result.forecasts[0]?.at_end_seconds).toBe(86_400);
      const failure = Date.parse(result.predicted_failure_time ?? '') - now.getTime();
      expect(failure).toBeCloseTo((13 - hoursAgo) * HOUR, -4);
    });

    it('says nothing once it is older than what is asked ahead, or than it lasted', () => {
      for (const stale of [disk(25, '24h'), disk(49, '7d'), disk(16_000, '24h')]) {
        expect(stale).toMatchObject({
          status: 'not_enough_data',
          predicted_failure_time: null,
          contributing_factors: [expect.stringMatching(/^disk data: the history is stale: it ended .* ago/)],
          forecasts: [{ now: null, probability: null }],
        });
      }
      expect(disk(40, '7d').status).toBe('answered');
    });

    it('is refused where it lies in the future, by name', () => {
      const later = hourly(3, () => 1).map(({ at, value }) => ({
        at: new Date(Date.parse(at) + HOUR).toISOString(),
        value,
      }));
      const faultOf = (given: object): unknown => {
        try {
          refuseFuture(asked(given), now);
        } catch (error) {
          return error;
        }
        return undefined;
      };
      const field = (name: string) => ({ details: { fields: [{ field: name }] } });
      expect(faultOf({ resources: [{ kind: 'disk', name: 'data', limit: 9, points: later }] })).toMatchObject(
        field('body.resources.0.points.2.at'),
      );
      const history = later.map(({ at }) => ({ timestamp: at, restart_count: 1 }));
      expect(faultOf({ metrics: { history } })).toMatchObject(field('body.metrics.history.2.at'));
      expect(faultOf({ at: later[2]?.at })).toMatchObject(field('body.at'));
      expect(faultOf({ resources: [{ kind: 'disk', name: 'data', limit: 9, points: filling }] })).toBeUndefined();
      const earlier = { at: filling[50]?.at, resources: [{ kind: 'disk', name: 'data', limit: 9, points: filling }] };
      expect(faultOf(earlier)).toMatchObject(field('body.resources.0.points.51.at'));
    });
  });

  it('promises no restart, and none for certain, where three minutes had none', () => {
    const points = [0, 1, 2].map((row) => ({
      at: new Date(now.getTime() - (2 - row) * 60_000).toISOString(),
      value: 0,
    }));
    const none = { kind: 'restarts', name: 'checkout-0', points };
    expect(predicted([none]).forecasts[0]).toMatchObject({ status: 'not_enough_data', at_end: null });
    expect(predicted([none], '5m').forecasts[0]).toMatchObject({ probability: 0, at_end: { value: 0, low: 0 } });
  });

  it('tells what is high now, with its value', () => {
    const high = { cpu: { usage_percent: 95, throttling_percent: 80 }, network: { error_rate: 0.2 }, restart_count: 9 };
    expect(predict(asked({ metrics: high }), now).contributing_factors).toEqual([
      'cpu checkout-0 is at 95 of 100 now',
      'cpu checkout-0 is throttled in 80 of 100 periods now',
      'checkout-0 has a network error rate of 0.2 now',
      'checkout-0 has restarted 9 times',
    ]);
    const low = { cpu: { usage_percent: 20, throttling_percent: 2 }, network: { error_rate: 0 }, restart_count: 1 };
    expect(predict(asked({ metrics: low }), now).contributing_factors).toEqual([]);
    const flat = { history: hourly(24, () => 0).map(({ at }) => ({ at, memory: { usage_percent: 93 } })) };
    expect(predict(asked({ metrics: { ...flat, ...high } }), now).contributing_factors).toContain(
      'memory checkout-0 is at 93 of 100: 0 % to reach it',
    );
  });

  it('knows when a certificate ends', () => {
    const not_after = new Date(now.getTime() + 10 * HOUR).toISOString();
    expect(predicted([{ kind: 'certificate', name: 'tls', not_after }])).toMatchObject({
      failure_probability: 1,
      predicted_failure_time: not_after,
      confidence: 1,
    });
    expect(predicted([{ kind: 'certificate', name: 'tls', not_after }], '5h').failure_probability).toBe(0);
  });

  it('takes a fallen restart counter for a new pod', () => {
    const points = hourly(49, (row) => (row < 24 ? Math.floor(row / 4) : Math.floor((row - 24) / 4)));
    const [forecast] = predicted([{ kind: 'restarts', name: 'checkout-0', points }], '8h').forecasts;
    expect(forecast?.at_end?.value).toBeCloseTo(6 + (11 / 48) * 8, 5);
    expect(forecast?.probability).toBeCloseTo(1 - Math.exp((-11 * 8) / 48), 5);
  });

  it('measures restarts on their own past, across a new pod', () => {
    const points = hourly(97, (row) => (row < 48 ? Math.floor(row / 2) : Math.floor((row - 48) / 2)));
    const [steady] = predicted([{ kind: 'restarts', name: 'checkout-0', points }], '12h').forecasts;
    expect(steady?.past_accuracy).toMatchObject({ from: 'replayed', checks: 8, within_band: 1 });
    expect(steady?.past_accuracy?.median_error).toBeLessThan(0.03);
    const burst = hourly(97, (row) => (row < 48 ? 0 : row - 48));
    const [sudden] = predicted([{ kind: 'restarts', name: 'checkout-0', points: burst }], '12h').forecasts;
    expect(sudden?.past_accuracy?.within_band).toBeLessThan(0.5);
    const few = hourly(4, (row) => row);
    const ofFew = (window: string) =>
      predicted([{ kind: 'restarts', name: 'checkout-0', points: few }], window).forecasts[0];
    expect(ofFew('12h')).toMatchObject({ status: 'answered' });
    expect(ofFew('24h')).toMatchObject({
      status: 'not_enough_data',
      reason: '3.0 h of history say nothing about 24.0 h ahead; a quarter of that is the least',
    });
  });

  it('reads the history of the metrics', () => {
    const history = hourly(48, (row) => 40 + row).map(({ at, value }) => ({
      at,
      memory: { usage_percent: value },
    }));
    expect(predict(asked({ metrics: { history } }), now)).toMatchObject({
      status: 'answered',
      failure_types: ['memory'],
    });
  });

  it('takes at and timestamp for the time of the history, but not both and not none', () => {
    const history = (named: object) => ({
      ...asked({}),
      metrics: { history: [{ memory: { usage_percent: 1 }, ...named }] },
    });
    const at = now.toISOString();
    for (const named of [{ at }, { timestamp: at }])
      expect(PredictionRequest.safeParse(history(named)).success).toBe(true);
    for (const wrong of [{}, { at, timestamp: at }])
      expect(PredictionRequest.safeParse(history(wrong)).error?.issues[0]?.path).toEqual([
        'metrics',
        'history',
        0,
        'at',
      ]);
  });

  it('fills nothing beyond its limit', () => {
    const result = predicted([{ kind: 'disk', name: 'data', limit: 900, points: filling }]);
    expect(result.forecasts[0]?.at_end).toMatchObject({ value: 900, high: 900 });
    expect(result.forecasts[0]?.seconds_to_limit?.value).toBeLessThan(24 * 3600);
    const lowered = predicted([{ kind: 'disk', name: 'data', limit: 500, points: filling }]);
    expect(lowered.forecasts[0]?.at_end?.value).toBeGreaterThan(500);
  });

  it('says that it has not enough data, and what is near its limit all the same', () => {
    const present = { memory: { usage_percent: 97 }, disk: { usage_percent: 40 } };
    expect(predict(asked({ metrics: present }), now)).toMatchObject({
      status: 'not_enough_data',
      failure_probability: null,
      contributing_factors: [expect.stringMatching(/^memory checkout-0 is at 97 of 100 now; without its history/)],
    });
    const few = predicted([{ kind: 'disk', name: 'data', limit: 100, points: hourly(5, (row) => row) }]);
    expect(few).toMatchObject({ status: 'not_enough_data', forecasts: [{ status: 'not_enough_data', now: 4 }] });
  });

  it('answers as its page says, from the history on that page', () => {
    const page = readFileSync(new URL('../../../docs/reasoning.md', import.meta.url), 'utf8');
    const [, body = '', answer = ''] =
      /analyze\/predict" -d '\n([^']*"history"[^']*)'\n```\n\n```json\n([^`]*)```/.exec(page) ?? [];
    const request = PredictionRequest.parse(JSON.parse(body));
    const {
      metrics: { history },
      at = '',
    } = request;
    const [first, last] = [history[0], history.at(-1)].map((one) => ({
      hour: Date.parse(one?.at ?? '') / HOUR,
      percent: one?.disk?.usage_percent ?? 0,
    }));
    if (first === undefined || last === undefined) throw new Error('the page has no history');
    const full = last.hour + ((100 - last.percent) * (last.hour - first.hour)) / (last.percent - first.percent);
    const shown = PredictionResult.partial().parse(JSON.parse(answer));
    expect(Math.abs(Date.parse(shown.predicted_failure_time ?? '') / HOUR - full)).toBeLessThan(0.5);
    expect(Date.parse(at) / HOUR).toBeGreaterThan(last.hour);
    expect(predict(request, now)).toMatchObject(shown);
  });

  it('refuses times that do not rise, by name', () => {
    const points = [...filling.slice(0, 3), filling[2]];
    const answer = PredictionRequest.safeParse({
      ...asked({}),
      resources: [{ kind: 'disk', name: 'data', limit: 1, points }],
    });
    expect(answer.error?.issues[0]?.path).toEqual(['resources', 0, 'points', 3, 'at']);
  });

  it('needs an object, or a resource by type and name', () => {
    const { error } = PredictionRequest.safeParse({ cluster_id: 'eu-1' });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['resource_type', 'resource_name']);
    const object = { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' };
    expect(PredictionRequest.safeParse({ cluster_id: 'eu-1', object }).success).toBe(true);
    const past = PredictionRequest.safeParse({ cluster_id: 'eu-1', object, at: now.toISOString() });
    expect(past.error?.issues[0]?.path).toEqual(['at']);
  });

  it('shows how forecasts turned out that were made before, instead of replaying them', () => {
    const made = { from: 'made', checks: 9, seconds_ahead: 14_400, median_error: 0.01, within_band: 1 } as const;
    const resource = Resource.parse({ kind: 'claim', name: 'data', limit: 975, points: filling });
    const { forecasts, confidence } = predict(asked({ time_window: '4h' }), now, [{ resource, made }]);
    expect(forecasts).toMatchObject([{ kind: 'claim', past_accuracy: made }]);
    expect(confidence).toBeCloseTo(10 / 11, 5);
    expect(predict(asked({}), now, [{ resource, made }]).confidence).toBeCloseTo(2.5 / 3.5, 5);
    expect(predict(asked({}), now, [{ resource, made: null }]).forecasts[0]?.past_accuracy?.from).toBe('replayed');
  });

  it('promises no restart where counts hardly rise at all', () => {
    const tiny = { kind: 'restarts', name: 'cart', points: hourly(3, (row) => (row === 2 ? 1.779e-320 : 0)) };
    expect(predicted([tiny]).forecasts[0]?.seconds_to_limit?.value ?? null).toBeNull();
  });

  it('answers any history in its own shape', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(values, fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (given, limit) => {
        const points = hourly(given.length, (row) => given[row] ?? 0);
        const result = predicted([
          { kind: 'disk', name: 'data', limit, points },
          { kind: 'restarts', name: 'x', points },
        ]);
        expect(result.forecasts).toHaveLength(2);
        for (const { at_end } of result.forecasts) {
          if (at_end === null) continue;
          expect(at_end.low).toBeGreaterThanOrEqual(0);
          expect(at_end.value).toBeGreaterThanOrEqual(at_end.low);
          expect(at_end.high).toBeGreaterThanOrEqual(at_end.value);
        }
      }),
      { numRuns: 200 },
    );
  });
});
