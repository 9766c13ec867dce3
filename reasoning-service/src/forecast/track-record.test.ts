import { describe, expect, it } from '@jest/globals';
import type { Forecast } from './resource.ts';
import { accuracyOfMade, noRecord, noted, settled, type TrackRecord } from './track-record.ts';

const HOUR = 3600;
const forecast: Forecast = {
  kind: 'claim',
  name: 'data',
  status: 'answered',
  reason: null,
  now: 0.4,
  limit: 1,
  at_end: { value: 0.5, low: 0.45, high: 0.55 },
  at_end_seconds: 4 * HOUR,
  seconds_to_limit: null,
  probability: 0,
  past_accuracy: null,
};
const made = noted(noRecord, { forecast, horizon: 'near', now: 0 });
const came = (value: (hour: number) => number) =>
  Array.from({ length: 9 }, (_, row) => ({ at: (row * HOUR) / 2, value: value(row / 2) }));
const after = (record: TrackRecord, known = came((hour) => 0.4 + 0.03 * hour), now = 4 * HOUR) =>
  settled(record, { kind: 'claim', known, now });

describe('the record of forecasts', () => {
  it('compares a forecast with what came at its time, and not before', () => {
    expect(after(made, undefined, 4 * HOUR - 1)).toEqual(made);
    const { pending, outcomes } = after(made);
    expect(pending).toEqual([]);
    expect(outcomes).toEqual([{ error: expect.closeTo(0.02, 9), within: true }]);
  });

  it('lets go of what nobody measured, and of growth that a clean-up ended', () => {
    expect(after(made, [])).toEqual(noRecord);
    expect(after(made, came(() => 0.4).slice(0, 3))).toEqual(noRecord);
    expect(
      after(
        made,
        came((hour) => (hour > 2 ? 0.1 : 0.4)),
      ),
    ).toEqual(noRecord);
  });

  it('takes the fall of what follows traffic for what came', () => {
    const falls = { kind: 'hpa', known: came((hour) => (hour > 2 ? 0.1 : 0.4)), now: 4 * HOUR } as const;
    expect(settled(made, falls).outcomes).toEqual([{ error: 0.4, within: false }]);
  });

  it('keeps a forecast every half an hour, and none without numbers', () => {
    expect(noted(made, { forecast, horizon: 'near', now: 1000 })).toEqual(made);
    expect(noted(made, { forecast, horizon: 'near', now: 1800 }).pending).toHaveLength(2);
    const silent = { ...forecast, at_end: null, at_end_seconds: null };
    expect(noted(noRecord, { forecast: silent, horizon: 'near', now: 0 })).toEqual(noRecord);
  });

  it('speaks of its accuracy from three comparisons on', () => {
    const outcomes = [0.01, 0.02, 0.09].map((error) => ({ error, within: error < 0.05 }));
    expect(accuracyOfMade({ pending: [], outcomes: outcomes.slice(1) }, 'near')).toBeNull();
    expect(accuracyOfMade({ pending: [], outcomes }, 'near')).toEqual({
      from: 'made',
      checks: 3,
      seconds_ahead: 4 * HOUR,
      median_error: 0.02,
      within_band: 2 / 3,
    });
  });
});
