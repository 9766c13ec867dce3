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
    const limit = { value: 1, reached_at: '2026-03-01T13:00:00.000Z', probability: 0.93 };
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
