import { Anomaly } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { toTell } from '../metrics/forecasting/forecast-sweep.ts';
import { isOver, isSure, type Judged, limitAnomaly, mayComeAgain, withdrawal } from './limit-finding.ts';
import type { Forecast } from './resource.ts';

const HOUR = 3600;
const accuracy = { from: 'made', checks: 8, seconds_ahead: 4 * HOUR, median_error: 0.01, within_band: 0.9 } as const;
const forecast: Forecast = {
  kind: 'claim',
  name: 'data',
  status: 'answered',
  reason: null,
  now: 0.8,
  limit: 1,
  at_end: { value: 1.2, low: 1.1, high: 1.3 },
  at_end_seconds: 4 * HOUR,
  seconds_to_limit: { value: 2 * HOUR, low: HOUR, high: 3 * HOUR },
  probability: 0.95,
  past_accuracy: accuracy,
};
const points = Array.from({ length: 121 }, (_, row) => ({ at: row * 60, value: 0.6 + row / 600 }));
const judged = (given: Partial<Forecast> = {}, others: Partial<Judged> = {}): Judged => ({
  forecast: { ...forecast, ...given },
  points,
  horizon: 'near',
  ...others,
});

describe('a limit that is coming', () => {
  it('is worth telling when it is sure, long enough seen and trusted', () => {
    expect(isSure(judged())).toBe(true);
    expect(isSure(judged({ probability: 0.7 }))).toBe(false);
    expect(isSure(judged({ past_accuracy: { ...accuracy, within_band: 0.2 } }))).toBe(false);
    expect(isSure(judged({}, { points: points.slice(0, 30) }))).toBe(false);
    expect(isSure(judged({ status: 'not_enough_data', probability: null }))).toBe(false);
  });

  it('is none where it always stood, nor for restarts, which are told by their own events', () => {
    expect(isSure(judged({ probability: 1 }, { points: points.map(({ at }) => ({ at, value: 1 })) }))).toBe(false);
    expect(isSure(judged({ kind: 'restarts' }))).toBe(false);
    expect(isSure(judged({ kind: 'certificate', probability: 1 }, { points: [] }))).toBe(true);
    const renewed = [60, 120].map((at) => ({ at, value: 3600 + at }));
    expect(isSure(judged({ kind: 'certificate', probability: 1 }, { points: renewed }))).toBe(false);
  });

  it('may be told anew once it was unlikely for long enough', () => {
    const unlikely = judged({ probability: 0.1 });
    expect(mayComeAgain(unlikely, { toldAt: 0, now: 13 * HOUR })).toBe(true);
    expect(mayComeAgain(unlikely, { toldAt: 0, now: HOUR })).toBe(false);
    expect(mayComeAgain(judged({ probability: 0.5 }), { toldAt: 0, now: 13 * HOUR })).toBe(false);
  });

  it('is over once it is unlikely, and not by what is unknown', () => {
    expect(isOver(judged({ probability: 0.1 }))).toBe(true);
    expect(isOver(judged({ probability: 0.5 }))).toBe(false);
    expect(isOver(judged({ status: 'not_enough_data', probability: null }))).toBe(false);
  });

  it('needs bands that held more often to be told as near, since that opens an incident', () => {
    const half = { past_accuracy: { ...accuracy, within_band: 0.55 } };
    expect(isSure(judged(half))).toBe(false);
    expect(isSure(judged(half, { horizon: 'far', points: points.map((one) => ({ ...one, at: 60 * one.at })) }))).toBe(
      true,
    );
  });

  it('is told for the hours even after the days, but not the other way round', () => {
    const stored = (told_at: string | null, horizon: 'near' | 'far') => ({
      series_id: 's',
      horizon,
      pending: [],
      outcomes: [],
      told_at,
      over_at: null,
    });
    const [near, far] = [
      judged(),
      judged({}, { horizon: 'far', points: points.map((one) => ({ ...one, at: 60 * one.at })) }),
    ];
    const told = '2026-03-01T10:00:00Z';
    expect(toTell([{ judged: far, stored: undefined }])?.horizon).toBe('far');
    expect(
      toTell([
        { judged: near, stored: undefined },
        { judged: far, stored: stored(told, 'far') },
      ])?.horizon,
    ).toBe('near');
    expect(
      toTell([
        { judged: near, stored: stored(told, 'near') },
        { judged: far, stored: undefined },
      ]),
    ).toBeUndefined();
    expect(toTell([{ judged: far, stored: stored(told, 'far') }])).toBeUndefined();
  });

  it('goes out with where it is and when', () => {
    const measured = {
      series: { name: 'volume_used_ratio', labels: {} },
      subject: { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' },
    };
    const about = { id: 'a', cluster: 'eu-1', measured };
    const anomaly = Anomaly.parse(limitAnomaly(about, judged(), new Date('2026-03-01T10:00:00Z')));
    expect(anomaly).toMatchObject({
      kind: 'limit',
      signal: 'fault',
      severity: 'high',
      value: 0.8,
      limit: {
        value: 1,
        earliest_at: '2026-03-01T11:00:00.000Z',
        reached_at: '2026-03-01T12:00:00.000Z',
        latest_at: '2026-03-01T13:00:00.000Z',
        probability: 0.95,
      },
    });
    expect(limitAnomaly(about, judged({}, { horizon: 'far' }), new Date(0)).severity).toBe('low');
    const endless = judged({ seconds_to_limit: { value: 2 * HOUR, low: HOUR, high: 1e17 } });
    expect(Anomaly.parse(limitAnomaly(about, endless, new Date(0))).limit).toMatchObject({ latest_at: null });
    const over = { ...forecast, probability: 0.1, now: 0.3 };
    expect(Anomaly.parse(withdrawal(about, over, new Date(0)))).toMatchObject({
      signal: 'clear',
      value: 0.3,
      limit: null,
    });
    expect(Anomaly.parse(withdrawal(about, null, new Date(0)))).toMatchObject({ signal: 'clear', value: null });
  });
});
