import { describe, expect, it } from '@jest/globals';
import { planted } from '../../test/planted-fault.ts';
import { seriesOver } from '../../test/series-over.ts';
import { analyze } from './analyze.ts';
import type { Observations } from './series.ts';

const SAMPLES = 200;
const times = Array.from({ length: SAMPLES }, (_, at) => at * 60_000);
const level = (usual: number, from: number, broken: number) =>
  times.map((_, at) => (at >= from ? broken : usual) * (1 + 0.02 * (((at * 7) % 5) - 2)));
const { series, edge } = seriesOver(times);
const known = (all: Partial<Observations>): Observations => ({ series: [], edges: [], logs: [], calls: [], ...all });
const chain: readonly [string, string][] = [
  ['web', 'api'],
  ['api', 'db'],
];

describe('an onset that is not given', () => {
  it.each([
    ['by both clocks', ['caller_latency', 'callee_latency']],
    ['by the caller alone', ['latency']],
  ])('is found in calls that are timed %s, and the deepest callee is named', (_, metrics) => {
    const edges = chain.flatMap(([caller, callee]) =>
      metrics.map((metric) => edge(caller, callee, metric, level(0.05, 150, 0.3))),
    );
    const answer = analyze(
      known({ edges, series: ['web', 'api', 'db'].map((one) => series(one, 'cpu', level(0.2, SAMPLES, 0))) }),
    );
    expect(answer).toMatchObject({ onset: 150 * 60_000, onset_found: true });
    expect(answer.ranked[0]?.entity).toBe('db');
  });

  it.each([3, 4, 8])('is found when only the last %i samples are broken', (count) => {
    const from = SAMPLES - count;
    const all = ['web', 'api', 'db'].map((one) => series(one, 'cpu', level(0.2, one === 'db' ? from : SAMPLES, 0.9)));
    expect(analyze(known({ series: all }))).toMatchObject({
      onset: from * 60_000,
      onset_found: true,
      ranked: [{ entity: 'db', metric: 'cpu' }],
    });
  });

  it('is none when nothing is broken, and no earlier moment is taken for it', () => {
    const { observations } = planted({ fault: 'none', at: 'front', seed: 3, step: 60, before: 200, after: 5 });
    expect(analyze(observations)).toMatchObject({ onset: null, onset_found: false, ranked: [] });
  });
});

describe('a metric of no known kind', () => {
  const all = [series('auth', 'colour', level(3, 150, 30)), series('auth', 'cpu', level(0.2, SAMPLES, 0))];

  it('is told in the reason when it alone changes', () => {
    for (const onset of [undefined, 150 * 60_000])
      expect(analyze(known({ series: all }), { onset })).toMatchObject({
        status: 'empty',
        reason: expect.stringMatching(/"colour" of auth does change \(3 -> 29\.7\), but is of no known kind of metric/),
      });
  });

  it('is not told when it stays as it is', () => {
    const calm = [series('auth', 'colour', level(3, SAMPLES, 0)), ...all.slice(1)];
    expect(analyze(known({ series: calm })).reason).not.toMatch(/colour/);
  });
});
