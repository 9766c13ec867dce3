import { describe, expect, it } from '@jest/globals';
import { seriesOver } from '../../test/series-over.ts';
import { networkEvidence, perSecond } from './edge-gap.ts';
import { byDeviation } from './evidence.ts';
import { logEvidence, seriousCounts } from './log-change.ts';
import { nameMetric } from './name-metric.ts';
import { resourceEvidence } from './resources.ts';
import type { LogLine, Series } from './series.ts';
import { SETTINGS } from './settings.ts';
import { starvedEvidence } from './starved.ts';

const BEFORE = 40;
const times = Array.from({ length: BEFORE + 4 }, (_, at) => at * 60_000);
const moment = { onset: BEFORE * 60_000, settings: SETTINGS };
/** A level with a little scatter, and another from the onset on. */
const run = (level: number, after: number, scatter = 0.01): number[] =>
  times.map((_, at) => (at < BEFORE ? level : after) * (1 + scatter * ((at * 7) % 5)));
const { series, edge } = seriesOver(times);
const names = (found: { entity: string; deviation: number }[]) =>
  found.filter(({ deviation }) => deviation >= 3).map(({ entity }) => entity);

describe('resources', () => {
  it('count only in the bad direction, and symptoms not at all', () => {
    const found = resourceEvidence(
      [series('a', 'cpu', run(0.2, 0.9)), series('b', 'cpu', run(0.9, 0.1)), series('c', 'latency', run(0.1, 9))],
      moment,
    );
    expect(names(found)).toEqual(['a']);
  });

  it('do not let a quiet series win by its tiny scatter', () => {
    const found = resourceEvidence(
      [series('quiet', 'memory', run(100, 103, 0.0001)), series('a', 'memory', run(100, 160))],
      moment,
    );
    expect(names(found)).toEqual(['a']);
  });

  it('notice a single restart, and a series that was 0 before', () => {
    const found = resourceEvidence(
      [series('a', 'restarts', run(0, 1, 0)), series('b', 'disk_io', run(0, 50, 0))],
      moment,
    );
    expect(names(found)).toEqual(['a', 'b']);
  });

  it("leave the node's figure out beside the pod's own", () => {
    const found = resourceEvidence(
      [
        series('a', 'cpu_usage', run(0.2, 0.2)),
        series('a', 'node_cpu_usage', run(0.2, 0.9)),
        series('n', 'node_cpu_usage', run(0.2, 0.9)),
      ],
      moment,
    );
    expect(names(found)).toEqual(['n']);
  });
});

describe('second pass', () => {
  const named = (of: Series[]) => {
    const evidence = resourceEvidence(of, moment).sort(byDeviation);
    return nameMetric(evidence, of, moment);
  };
  const memory = series('a', 'memory', run(1000, 1002, 0.0001));

  it('names the series that moved most beside its own scatter, without the relative floor', () => {
    const of = [series('a', 'memory', run(1000, 1040, 0.001)), series('a', 'cpu', run(0.2, 0.25, 0.05))];
    expect(named(of)).toBe('memory');
  });

  it.each([
    ['cpu_throttled_periods_ratio', 0.01, 0.6],
    ['restarts_total', 0, 15],
    ['network_receive_packets_dropped', 1, 80],
    ['cpu', 0.2, 0.9],
  ])('names %s when that moved and no other resource did', (metric, before, after) => {
    expect(named([memory, series('a', metric, run(before, after, 0.05))])).toBe(metric);
  });

  it('names the resource that moved beside throttling and restarts', () => {
    const of = [memory, series('a', 'cpu_throttled_periods_ratio', run(0.01, 0.6)), series('a', 'restarts', run(0, 9))];
    expect(named([...of, series('a', 'cpu', run(0.2, 0.9))])).toBe('cpu');
  });

  it('names a series without any scatter before one that hardly moved', () => {
    expect(named([memory, series('a', 'open_connections', run(10, 90, 0))])).toBe('open_connections');
  });
});

describe('network', () => {
  it('blames the callee that is reached late, not one that is itself slow', () => {
    const found = networkEvidence(
      {
        edges: [
          edge('a', 'late', 'caller_latency_s', run(0.02, 0.2)),
          edge('a', 'late', 'callee_latency_s', run(0.018, 0.018)),
          edge('a', 'slow', 'caller_latency_s', run(0.02, 0.2)),
          edge('a', 'slow', 'callee_latency_s', run(0.018, 0.198)),
        ],
        series: [],
      },
      moment,
    );
    expect(names(found)).toEqual(['late']);
  });

  it('takes the latency of the callee itself where the call has only one side, and a gap as it is', () => {
    const edges = [edge('a', 'slow', 'latency_s', run(0.02, 0.2)), edge('a', 'far', 'gap_ms', run(2, 90))];
    expect(names(networkEvidence({ edges, series: [series('slow', 'latency_s', run(0.018, 0.198))] }, moment))).toEqual(
      ['far'],
    );
  });

  it('reads the unit from the name, else from the size', () => {
    const values = (level: number) => [{ times, values: run(level, level) }];
    expect(perSecond('latency_ms', values(0.5))).toBe(1000);
    expect(perSecond('latency', values(0.02))).toBe(1);
    expect(perSecond('latency', values(20))).toBe(1000);
  });
});

describe('starved callees', () => {
  const calls = [{ caller: 'a', callee: 'b' }];
  it('blame the caller that stops calling while it is still called', () => {
    const known = {
      series: [series('a', 'requests', run(10, 10)), series('b', 'requests', run(10, 1))],
      edges: [],
      logs: [],
      calls,
    };
    expect(names(starvedEvidence(known, moment))).toEqual(['a']);
  });

  it('blame nobody when there is less to do', () => {
    const known = {
      series: [series('a', 'requests', run(10, 1)), series('b', 'requests', run(10, 1))],
      edges: [],
      logs: [],
      calls,
    };
    expect(starvedEvidence(known, moment)).toEqual([]);
  });
});

describe('logs', () => {
  const lines = (count: (at: number) => number, level: string, template: string): LogLine[] =>
    times.flatMap((time, at) => Array.from({ length: count(at) }, () => ({ time, entity: 'a', level, template })));
  const window = { onset: moment.onset, reach: 180_000 };

  it('notice a new template, errors twice as loud', () => {
    const usual = lines(() => 10, 'INFO', 'done');
    const [error] = logEvidence([...usual, ...lines((at) => (at < BEFORE ? 0 : 5), 'ERROR', 'broken')], window);
    const [info] = logEvidence([...usual, ...lines((at) => (at < BEFORE ? 0 : 5), 'INFO', 'broken')], window);
    expect(error).toMatchObject({ entity: 'a', metric: 'broken' });
    expect(error?.deviation).toBeCloseTo(2 * (info?.deviation ?? 0));
  });

  it('notice who wrote nothing before, while others did', () => {
    const usual = lines(() => 10, 'INFO', 'done');
    const broken = lines((at) => (at < BEFORE ? 0 : 5), 'ERROR', 'broken').map((line) => ({ ...line, entity: 'b' }));
    const found = logEvidence([...usual, ...broken], window).find(({ entity }) => entity === 'b');
    expect(found).toMatchObject({ metric: 'broken', before: 0 });
    expect(found?.deviation).toBeGreaterThan(2);
    expect(logEvidence(broken, window)).toEqual([]);
  });

  it('do not take more traffic for a change', () => {
    const found = logEvidence(
      lines((at) => (at < BEFORE ? 5 : 50), 'INFO', 'done'),
      window,
    );
    expect(names(found)).toEqual([]);
  });

  it('count serious lines between the samples', () => {
    const logs = [...lines((at) => (at === 3 ? 2 : 0), 'ERROR', 'x'), ...lines(() => 1, 'INFO', 'y')];
    expect(seriousCounts(logs, times)[0]?.values.slice(2, 5)).toEqual([0, 2, 0]);
  });
});
