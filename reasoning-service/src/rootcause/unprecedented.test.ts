import { describe, expect, it } from '@jest/globals';
import { planted } from '../../test/planted-fault.ts';
import { seriesOver } from '../../test/series-over.ts';
import { analyze } from './analyze.ts';
import type { LogLine, Observations } from './series.ts';

const SAMPLES = 180;
const times = Array.from({ length: SAMPLES }, (_, at) => at * 60_000);
const { series, edge } = seriesOver(times);
/** A level with waves of a seventh of it, and another from one sample on. */
const level = (usual: number, from = SAMPLES, broken = usual, until = SAMPLES) =>
  times.map((_, at) => (at >= from && at < until ? broken : usual * (1 + 0.15 * Math.sin(at / 19))) + 0.001 * (at % 7));
const entities = ['web', 'api', 'db', 'mail'];
const shop = (at: string, broken: readonly number[], metric = 'cpu') =>
  entities.map((one) => series(one, metric, one === at ? [...broken] : level(0.34)));
const asked = (known: Partial<Observations>) => analyze({ series: [], edges: [], logs: [], calls: [], ...known });
const none = { status: 'empty', onset: null, onset_found: false };

describe('an onset that nobody reported, of less than fifteen scales', () => {
  it.each([30, 6])('is found when one entity stays where it never was for the last %i samples', (count) => {
    const from = SAMPLES - count;
    expect(asked({ series: shop('db', level(0.34, from, 0.85)) })).toMatchObject({
      ...{ onset: from * 60_000, onset_found: true, strength: 'strong' },
      ranked: [{ entity: 'db', metric: 'cpu' }],
    });
  });

  it.each([
    ['all entities do alike', entities.map((one) => series(one, 'cpu', level(0.34, 150, 0.85)))],
    [
      'it did so before',
      shop(
        'db',
        level(0.34, 60, 0.85, 80).map((value, at) => (at >= 150 ? 0.85 : value)),
      ),
    ],
    ['it goes back', shop('db', level(0.34, 150, 0.85, 160))],
    ['it began with the last samples', shop('db', level(0.34, SAMPLES - 4, 0.85))],
    ['it only falls', shop('db', level(0.34, 150, 0.05))],
  ])('is none when %s', (_, all) => {
    expect(asked({ series: all })).toMatchObject(none);
  });

  it('is when a disk fills, too', () => {
    const filling = times.map((_, at) => 40 + Math.max(0, 0.7 * (at - 100)));
    const steady = entities.slice(1).map((one) => series(one, 'disk_usage_percent', level(40)));
    const answer = asked({ series: [series('web', 'disk_usage_percent', filling), ...steady] });
    expect(answer).toMatchObject({ onset_found: true, ranked: [{ entity: 'web', metric: 'disk_usage_percent' }] });
    expect(Math.abs((answer.onset ?? 0) / 60_000 - 100)).toBeLessThanOrEqual(5);
  });
});

describe('a resource that ends at its limit', () => {
  it('may have little room to deviate', () => {
    const room = times.map((_, at) => (at >= 150 ? 97 : 70 + (at % 3)));
    for (const metric of ['disk_usage_percent', 'memory_utilization'])
      expect(asked({ series: [series('db', metric, room)] })).toMatchObject({ onset: 150 * 60_000, onset_found: true });
  });

  it('must be one that has a limit, and be there', () => {
    const below = times.map((_, at) => (at >= 150 ? 90 : 70 + (at % 3)));
    expect(asked({ series: [series('db', 'disk_usage_percent', below)] })).toMatchObject(none);
    const bytes = times.map((_, at) => (at >= 150 ? 97 : 70 + (at % 3)));
    expect(asked({ series: [series('db', 'disk_read_bytes', bytes)] })).toMatchObject(none);
  });
});

describe('a silence that nobody reported', () => {
  const silent = (value: number, from: number) =>
    shop(
      'mail',
      level(0.34).map((usual, at) => (at >= from ? value : usual)),
    );

  it.each([
    ['is measured no more', Number.NaN],
    ['uses nothing any more', 0],
  ])('is an onset when an entity %s', (_, value) => {
    expect(asked({ series: silent(value, 150) })).toMatchObject({
      ...{ onset: 150 * 60_000, onset_found: true, strength: 'fair' },
      ranked: [{ entity: 'mail', evidence: [{ kind: 'missing' }] }],
    });
  });

  it('is none when it is short, or traffic that is 0', () => {
    expect(asked({ series: silent(Number.NaN, SAMPLES - 4) })).toMatchObject(none);
    const idle = level(100).map((usual, at) => (at >= 150 ? 0 : usual));
    expect(asked({ series: shop('mail', idle, 'requests') })).toMatchObject(none);
  });
});

describe('calls that nobody reported missing', () => {
  const calls: [string, string, number][] = [
    ['web', 'api', 1],
    ['api', 'db', 0.1],
    ['db', 'mail', 0.1],
  ];
  const edges = calls.map(([from, to, share]) => edge(from, to, 'requests', level(100, 150, 100 * share)));

  it('are an onset, and the caller that is still called is named', () => {
    const own = entities.map((one) => series(one, 'requests', level(100)));
    for (const all of [[], own])
      expect(asked({ edges, series: all })).toMatchObject({
        ...{ onset: 150 * 60_000, onset_found: true, strength: 'fair' },
        ranked: [{ entity: 'api', metric: 'calls api -> db' }],
      });
  });
});

describe('logs alone', () => {
  const line = (entity: string, level: string, template: string, time: number): LogLine => ({
    ...{ entity, level, template, time },
  });
  const usual = times.flatMap((time) => entities.map((one) => line(one, 'INFO', 'done <*>', time)));
  const failing = (from: number, until: number) =>
    times.slice(from, until).map((time) => line('api', 'ERROR', 'deadlock on <*>', time + 1));

  it('show the onset when lines of trouble go on', () => {
    const answer = asked({ logs: [...failing(140, SAMPLES), ...usual] });
    expect(answer).toMatchObject({ onset_found: true, ranked: [{ entity: 'api', metric: 'deadlock on <*>' }] });
    expect(Math.abs((answer.onset ?? 0) / 60_000 - 140)).toBeLessThanOrEqual(2);
  });

  it('show none when all is as usual, or trouble passes', () => {
    for (const logs of [usual, [...failing(140, 143), ...usual]]) expect(asked({ logs })).toMatchObject(none);
  });
});

describe('planted faults without an onset', () => {
  it.each(['early_return', 'log_errors'] as const)('%s is named first', (fault) => {
    const { observations, onset } = planted({ fault, at: 'cart', seed: 4, step: 60, before: 90, after: 20 });
    const answer = analyze(observations);
    expect(answer).toMatchObject({ onset_found: true, ranked: [{ entity: 'cart' }] });
    expect(Math.abs((answer.onset ?? 0) - onset)).toBeLessThanOrEqual(180_000);
  });
});
