import { Anomaly, Event } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { anomalyEvent } from './anomaly-event.ts';

const anomaly = (fields: Partial<Anomaly> = {}): Anomaly =>
  Anomaly.parse({
    id: 'a'.repeat(64),
    cluster_id: 'eu-1',
    subject: { kind: 'Deployment', namespace: 'shop', name: 'cart' },
    series: { name: 'request_seconds_p95', labels: { route: 'checkout' } },
    kind: 'unusual',
    severity: 'critical',
    score: 0.912345,
    confidence: 0.8,
    value: 2.41234,
    expected: { value: 0.3, low: 0.2, high: 0.5 },
    deviation: 2.1,
    at: '2026-01-02T03:04:05.000Z',
    ...fields,
  });

describe('an anomaly as an event', () => {
  it('says when a limit is reached, or that it has been', () => {
    const at = '2026-03-01T10:00:00.000Z';
    const band = { earliest_at: '2026-03-01T12:00:00.000Z', latest_at: null };
    const limit = { value: 1, reached_at: '2026-03-01T13:00:00.000Z', ...band, probability: 0.93 };
    expect(anomalyEvent(anomaly({ kind: 'limit', value: 0.8, at, limit }))).toMatchObject({
      reason: 'LimitForecast',
      message: expect.stringContaining('is 0.8 of 1 and reaches it in about 3 h (probability 0.93)'),
    });
    const reached = { ...limit, reached_at: at };
    expect(anomalyEvent(anomaly({ kind: 'limit', value: 1, at, limit: reached })).message).toContain('has reached it');
    expect(anomalyEvent(anomaly({ kind: 'limit', limit: { ...limit, reached_at: null } })).message).toContain(
      'is expected',
    );
  });

  it('opens by a limit that is near, with the forecast as its evidence, and by no limit that is days away', () => {
    const limit = { value: 1, reached_at: null, earliest_at: null, latest_at: null, probability: 0.93 };
    const near = Event.parse(anomalyEvent(anomaly({ kind: 'limit', severity: 'high', value: 0.8, limit })));
    expect(near).toMatchObject({
      severity: 'high',
      signal: 'fault',
      bundle: { subject: { name: 'cart' }, objects: [] },
    });
    expect(near.bundle?.forecasts).toMatchObject([{ value: 0.8, limit: 1, probability: 0.93, confidence: 0.8 }]);
    expect(anomalyEvent(anomaly({ kind: 'limit', severity: 'low', limit }))).toMatchObject({
      severity: 'low',
      bundle: null,
    });
    const over = Event.parse(anomalyEvent(anomaly({ kind: 'limit', signal: 'clear', severity: 'low', value: 0.3 })));
    expect(over).toMatchObject({
      signal: 'clear',
      message: expect.stringContaining('no longer expected'),
      bundle: null,
    });
    const gone = anomaly({ kind: 'limit', signal: 'clear', severity: 'low', value: null });
    expect(anomalyEvent(gone).message).toContain('measured no longer');
  });

  it('feeds the incident of its subject and never opens one by itself', () => {
    const event = Event.parse(anomalyEvent(anomaly()));
    expect(event).toMatchObject({
      id: 'a'.repeat(64),
      type: 'anomaly',
      severity: 'medium',
      reason: 'UnusualMetric',
      message: 'request_seconds_p95 is 2.412, expected 0.2 to 0.5 (score 0.9123)',
      fingerprint: 'eu-1/shop/Deployment/cart',
      labels: { route: 'checkout', series: 'request_seconds_p95' },
    });
    expect(anomalyEvent(anomaly({ severity: 'low' })).severity).toBe('low');
  });

  it('says when data is missing or stands still', () => {
    expect(anomalyEvent(anomaly({ kind: 'missing', value: null })).message).toContain('sends no data');
    expect(anomalyEvent(anomaly({ kind: 'flat', value: 7 })).message).toContain('has not moved from 7');
  });

  it('lies on its node', () => {
    expect(anomalyEvent(anomaly({ subject: { kind: 'Node', namespace: null, name: 'n1' } })).node).toBe('n1');
  });
});
