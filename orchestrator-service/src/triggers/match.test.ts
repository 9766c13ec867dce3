import { InternalEvent, Strategy } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { bestStrategy } from './match.ts';

const strategy = (name: string, more: object = {}) =>
  Strategy.parse({ name, description: 'd', workflow: 'w', match: {}, autonomy: 'auto', ...more });
const event = InternalEvent.parse({
  incident_id: 'i',
  episode: 1,
  phase: 'opened',
  cluster_id: 'eu-1',
  severity: 'high',
  reason: 'BackOff',
  reasons: ['Unhealthy'],
  subject: { kind: 'Deployment', namespace: 'shop', name: 'cart' },
  at: '2026-01-02T03:04:05.000Z',
});
const best = (...strategies: Strategy[]) => bestStrategy(strategies, event)?.name;

describe('bestStrategy', () => {
  it('takes the highest priority, then the most specific, then the first by name', () => {
    expect(best(strategy('low', { priority: 1 }), strategy('high', { priority: 2 }))).toBe('high');
    expect(best(strategy('any'), strategy('particular', { match: { kinds: ['Deployment'] } }))).toBe('particular');
    expect(best(strategy('b'), strategy('a'))).toBe('a');
  });

  it.each([
    ['kind', { kinds: ['Node'] }],
    ['reason', { reasons: ['OOMKilled'] }],
    ['namespace', { namespaces: ['other'] }],
    ['cluster', { clusters: ['us-1'] }],
    ['severity', { severities: ['low'] }],
  ])('passes over a strategy for another %s', (_, match) => {
    expect(best(strategy('other', { match }))).toBeUndefined();
  });

  it('leaves what is foretold to a strategy of its own until it has happened', () => {
    const foretold = strategy('foretold', {
      match: { reasons: ['LimitForecast'] },
      priority: 1000,
      autonomy: 'observe',
    });
    const both = [strategy('usual'), foretold];
    const limit = { ...event, reason: 'LimitForecast', reasons: ['LimitForecast'] };
    expect(bestStrategy(both, limit)?.name).toBe('foretold');
    expect(bestStrategy(both, { ...limit, reasons: ['LimitForecast', 'OOMKilled'] })?.name).toBe('usual');
  });

  it('hears any reason of the incident, and passes over what is switched off', () => {
    expect(best(strategy('heard', { match: { reasons: ['Unhealthy'] } }))).toBe('heard');
    expect(best(strategy('off', { enabled: false }))).toBeUndefined();
  });
});
