import { describe, expect, it } from '@jest/globals';
import { seriesOver } from '../../test/series-over.ts';
import { analyze } from './analyze.ts';
import { SETTINGS } from './settings.ts';
import { trendEvidence } from './trend.ts';

const BEFORE = 60;
const times = Array.from({ length: BEFORE + 30 }, (_, at) => at * 60_000);
const onset = BEFORE * 60_000;
const moment = { onset, settings: SETTINGS };
const { series: of } = seriesOver(times);
const series = (metric: string, value: (since: number, at: number) => number) =>
  of(
    'orders',
    metric,
    times.map((_, at) => value(Math.max(0, at - BEFORE), at) * (1 + 0.01 * (((at * 7) % 5) - 2))),
  );

describe('what fills up', () => {
  it('is a cause when it does so from the onset on, fair and never sure', () => {
    const [leak] = trendEvidence([series('memory_usage', (since) => 100 * (1 + 0.03 * since))], moment);
    expect(leak).toMatchObject({ kind: 'trend', metric: 'memory_usage', deviation: 7 });
    expect(leak?.after).toBeGreaterThan(150);
  });

  it('is one as well where what is left falls', () => {
    const [leak] = trendEvidence([series('memory_available_bytes', (since) => 100 - 2 * since)], moment);
    expect(leak).toMatchObject({ kind: 'trend', metric: 'memory_available_bytes' });
    expect(leak?.after).toBeLessThan(leak?.before ?? 0);
  });

  it.each([
    ['rose as fast before', 'memory', (_: number, at: number) => 100 + 2 * at],
    ['stepped up and stays', 'memory', (since: number) => (since > 0 ? 200 : 100)],
    ['comes and goes', 'memory', (since: number) => 100 + 40 * Math.sin(since / 3)],
    ['rises a little', 'memory', (since: number) => 100 * (1 + 0.005 * since)],
    ['is no resource', 'latency', (since: number) => 1 + since],
  ])('is none when it %s', (_, metric, value) => {
    expect(trendEvidence([series(metric, value)], moment)).toEqual([]);
  });

  it('names a leak by its memory, though those who wait complain louder', () => {
    const all = [
      series('memory_usage', (since) => 100 * (1 + 0.03 * since)),
      series('latency_p95', (since) => (since > 0 ? 0.3 : 0.1)),
    ];
    const answer = analyze({ series: all, edges: [], logs: [], calls: [] }, { onset });
    expect(answer).toMatchObject({ by: 'causes', strength: 'fair', ranked: [{ metric: 'memory_usage' }], notes: [] });
  });
});
