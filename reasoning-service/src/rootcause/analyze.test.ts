import { describe, expect, it } from '@jest/globals';
import { type Fault, faults, type Plan, planted, services } from '../../test/planted-fault.ts';
import { analyze } from './analyze.ts';
import type { Observations } from './series.ts';

const minutes: Omit<Plan, 'fault' | 'at' | 'seed'> = { step: 60, before: 45, after: 5 };
const seconds: Omit<Plan, 'fault' | 'at' | 'seed'> = { step: 1, before: 300, after: 60 };

/** Services where a fault can be: nobody calls the front over the network, and a leaf has no callees to starve. */
const places = (fault: Fault): readonly string[] => {
  if (fault === 'early_return') return ['front', 'checkout', 'cart'];
  return fault === 'network_delay' || fault === 'packet_loss' ? services.filter((name) => name !== 'front') : services;
};

describe('planted faults', () => {
  it.each(faults)('%s is named first at one-minute samples', (fault) => {
    const first = places(fault).map((at) => {
      const { observations, onset } = planted({ fault, at, seed: 4, ...minutes });
      return analyze(observations, { onset }).ranked[0]?.entity;
    });
    expect(first).toEqual(places(fault));
  });

  it.each(['cpu', 'memory', 'network_delay', 'packet_loss'] as const)(
    '%s is named first at one-second samples, the onset found',
    (fault) => {
      const { observations, onset } = planted({ fault, at: 'cart', seed: 5, ...seconds });
      const answer = analyze(observations);
      expect(answer.onset_found).toBe(true);
      expect(Math.abs((answer.onset ?? 0) - onset)).toBeLessThanOrEqual(10_000);
      expect(answer.ranked[0]?.entity).toBe('cart');
    },
  );

  it.each([
    ['cpu', 'cpu_usage'],
    ['memory', 'memory_working_set_bytes'],
    ['disk', 'disk_io_bytes'],
  ] as const)('%s is called by its metric', (fault, metric) => {
    const { observations, onset } = planted({ fault, at: 'payment', seed: 6, ...minutes });
    expect(analyze(observations, { onset })).toMatchObject({
      by: 'causes',
      strength: 'strong',
      ranked: [
        { entity: 'payment', metric },
        ...new Array(analyze(observations, { onset }).ranked.length - 1).fill({}),
      ],
    });
  });

  it.each([
    ['minutes', minutes],
    ['seconds', seconds],
  ] as const)('names nothing without an onset when nothing is broken, at samples of %s', (_, plan) => {
    const { observations } = planted({ fault: 'none', at: 'front', seed: 12, ...plan });
    for (const target of [undefined, { entity: 'front', metric: 'latency_s' }]) {
      const answer = analyze(observations, { target });
      expect(answer).toMatchObject({ status: 'empty', onset: null, onset_found: false, ranked: [] });
      expect(answer.reason).toMatch(/lasts at [\d.]+ scales .* must last at 15/);
    }
  });

  it('does not take a burst that passes for an onset', () => {
    const { observations } = planted({ fault: 'none', at: 'front', seed: 13, ...minutes });
    const burst = observations.series.map((series) =>
      series.entity === 'cart' && series.kind === 'cpu'
        ? { ...series, values: series.values.map((value, at) => (at >= 25 && at < 29 ? value * 20 : value)) }
        : series,
    );
    expect(analyze({ ...observations, series: burst }).status).toBe('empty');
  });

  it('gives no strong answer when nothing is broken', () => {
    const strengths = [1, 2, 3, 4].map((seed) => {
      const { observations, onset } = planted({ fault: 'none', at: 'front', seed, ...minutes });
      return analyze(observations, { onset }).strength;
    });
    expect(strengths).not.toContain('strong');
  });
});

describe('with an alert to explain', () => {
  const symptomsOnly = ({ series, ...rest }: Observations): Observations => ({
    ...rest,
    edges: [],
    logs: [],
    series: series.filter(({ kind }) => kind === 'latency' || kind === 'traffic'),
  });
  const target = { entity: 'front', metric: 'latency' };

  it.each(['catalog', 'cart', 'store', 'payment'])('finds the slow %s from latency and requests alone', (at) => {
    const { observations, onset } = planted({ fault: 'cpu', at, seed: 7, ...minutes });
    const answer = analyze(symptomsOnly(observations), { onset, target });
    expect(answer).toMatchObject({ status: 'answered', by: 'budgets' });
    expect(answer.ranked[0]?.entity).toBe(at);
  });

  it('is empty with the reason when the target is as usual', () => {
    const { observations, onset } = planted({ fault: 'none', at: 'cart', seed: 8, ...minutes });
    expect(analyze(symptomsOnly(observations), { onset, target })).toMatchObject({
      status: 'empty',
      reason: 'the target does not deviate from its baseline',
      ranked: [],
    });
  });

  it('guesses from who complains below it when the loss is not counted in full', () => {
    const { observations, onset } = planted({ fault: 'cpu', at: 'payment', seed: 7, ...minutes });
    const { series, ...rest } = symptomsOnly(observations);
    const counted = series.map((one) => {
      const isSampled = one.entity !== 'front' && one.kind === 'traffic';
      return isSampled ? { ...one, values: one.values.map((value) => value / 20) } : one;
    });
    const answer = analyze({ series: counted, ...rest }, { onset, target });
    expect(answer).toMatchObject({
      by: 'symptoms',
      strength: 'weak',
      ranked: [{ entity: 'payment' }, ...answer.ranked.slice(1)],
    });
    expect(answer.notes[0]).toBe('the target itself deviates, no dependency explains it');
  });

  it('puts a strong cause below the target first', () => {
    const { observations, onset } = planted({ fault: 'network_delay', at: 'store', seed: 9, ...minutes });
    const answer = analyze(observations, { onset, target });
    expect(answer.ranked[0]?.entity).toBe('store');
    expect(answer.ranked[0]?.evidence[0]?.kind).toBe('network');
  });
});

describe('with little to go by', () => {
  const nothing: Observations = { series: [], edges: [], logs: [], calls: [] };

  it('says so where one part ends before the other begins', () => {
    const { observations, onset } = planted({ fault: 'cpu', at: 'cart', seed: 1, ...minutes });
    const later = observations.series.map(({ times, ...one }) => ({
      ...one,
      entity: `other-${one.entity}`,
      times: times.map((time) => time + 6 * 3_600_000),
    }));
    const { status, reason } = analyze(
      { ...nothing, series: [...observations.series, ...later] },
      { onset: onset + 1e7 },
    );
    expect(status).toBe('empty');
    expect(analyze({ ...nothing, series: [...observations.series, ...later] }, { onset }).notes.join()).toContain(
      'lies at different times',
    );
    expect(analyze(observations, { onset }).notes.join()).not.toContain('lies at different times');
    expect(reason).toMatch(
      /lies at different times and cannot be compared: \S+ \(2\S+Z to 2\S+Z\), and other-\S+ \(2\S+Z to/,
    );
  });

  it('is empty without series, without samples after the onset, and without history', () => {
    const { observations, onset } = planted({ fault: 'cpu', at: 'cart', seed: 1, ...minutes });
    expect(analyze(nothing).reason).toBe('no series changes its level, so there is no onset');
    const logs = observations.series[0]?.times.map((time) => ({ time, entity: 'cart', level: 'info', template: 'ok' }));
    expect(analyze({ ...nothing, logs: logs ?? [] }).reason).toMatch(
      /^no log changes how often .* give the onset if it is known$/,
    );
    const short = observations.series.map(({ times, values, ...one }) => ({
      ...one,
      times: times.slice(0, 5),
      values: values.slice(0, 5),
    }));
    expect(analyze({ ...nothing, series: short }).reason).toBe(
      'too few samples: no series has more than 5, and a change of level shows in 6 or more',
    );
    expect(analyze(observations, { onset: onset + 1e9 }).reason).toBe('no sample lies at or after the onset');
    expect(analyze(observations, { onset: onset - 45 * 60_000 }).reason).toBe(
      'no series has a history before the onset',
    );
    const gap = observations.series.map(({ times, values, ...one }) => {
      const kept = times.map((time) => time < onset - 20 * 60_000 || time >= onset);
      return { ...one, times: times.filter((_, at) => kept[at]), values: values.filter((_, at) => kept[at]) };
    });
    expect(analyze({ ...nothing, series: gap }, { onset: onset - 15 * 60_000 }).reason).toBe(
      'no sample lies within reach of the onset',
    );
    expect(analyze(observations, { onset: Date.parse('2000-01-01') }).reason).toBe(
      'no series has a history before the onset',
    );
  });

  it('names an entity of which nothing is measured any more, and takes zero for a value', () => {
    const { observations, onset } = planted({ fault: 'none', at: 'front', seed: 2, ...minutes });
    const { series } = observations;
    const gone = series.map((one) => {
      if (one.entity !== 'cart') return one;
      return { ...one, values: one.values.map((value, at) => ((one.times[at] ?? 0) < onset ? value : Number.NaN)) };
    });
    const answer = analyze({ ...nothing, series: gone }, { onset });
    expect(answer).toMatchObject({ by: 'causes', strength: 'fair', ranked: [{ entity: 'cart' }] });
    expect(answer.ranked[0]?.evidence[0]).toMatchObject({ kind: 'missing', before: null, after: null });
    const [first] = gone.filter(({ entity }) => entity === 'cart');
    const half = series.map((one) => (one.entity === 'cart' && one.metric === first?.metric ? first : one));
    for (const still of [half, series])
      expect(
        analyze({ ...nothing, series: still }, { onset }).ranked.flatMap(({ evidence }) =>
          evidence.map(({ kind }) => kind),
        ),
      ).not.toContain('missing');
  });

  it('lists nobody who is as usual beside what broke', () => {
    const { observations, onset } = planted({ fault: 'cpu', at: 'store', seed: 2, ...minutes });
    const { ranked } = analyze(observations, { onset });
    expect(ranked[0]?.entity).toBe('store');
    expect(ranked.filter(({ score }) => score < 2)).toEqual([]);
  });

  it('guesses from symptoms when no cause is measured, and says that it is weak', () => {
    const { observations, onset } = planted({ fault: 'cpu', at: 'store', seed: 2, ...minutes });
    const latencies = observations.series.filter(({ kind }) => kind === 'latency');
    expect(analyze({ ...observations, edges: [], logs: [], series: latencies }, { onset })).toMatchObject({
      by: 'symptoms',
      strength: 'weak',
      ranked: expect.arrayContaining([expect.objectContaining({ entity: 'store' })]),
    });
  });
});
