import { describe, expect, it } from '@jest/globals';
import { planted, shopCalls } from '../../test/planted-fault.ts';
import { linesOfLogs } from './bundle-logs.ts';
import { entityOf, rootCausesIn } from './from-bundle.ts';
import type { Samples } from './series.ts';

const points = ({ times, values }: Samples): [string, number][] =>
  times.flatMap((time, at) => {
    const value = values[at] ?? Number.NaN;
    return Number.isFinite(value) ? [[new Date(time).toISOString(), value]] : [];
  });

/** The planted fault as the metrics of a bundle. */
const bundled = (fault: 'cpu' | 'network_delay') => {
  const { observations, onset } = planted({ fault, at: 'cart', seed: 11, step: 60, before: 45, after: 5 });
  const series = observations.series.map((one) => ({
    id: `metric/${one.entity}/${one.metric}`,
    name: one.metric,
    labels: { namespace: 'shop', service: one.entity },
    points: points(one),
  }));
  const edges = observations.edges.map((one) => ({
    id: `metric/${one.caller}/${one.callee}/${one.metric}`,
    name: one.metric === 'requests' ? one.metric : 'latency_s',
    labels: {
      source_workload: one.caller,
      destination_workload: one.callee,
      namespace: 'shop',
      ...(one.metric === 'requests' ? {} : { reporter: one.metric === 'caller_latency_s' ? 'source' : 'destination' }),
    },
    points: points(one),
  }));
  return { metrics: [...series, ...edges], onset };
};
const calls = shopCalls.map(({ caller, callee }) => ({ caller: `shop/${caller}`, callee: `shop/${callee}` }));

describe('metrics of a bundle', () => {
  it('name the broken service and cite its metric', () => {
    const { metrics, onset } = bundled('cpu');
    const [first] = rootCausesIn({ metrics }, calls, { onset }).ranked;
    expect(first?.entity).toBe('shop/cart');
    expect(first?.cited).toContain('metric/cart/cpu_usage');
  });

  it('name the service that is reached late, by the calls of a mesh', () => {
    const { metrics, onset } = bundled('network_delay');
    const [first] = rootCausesIn({ metrics }, calls, { onset }).ranked;
    expect(first?.entity).toBe('shop/cart');
    expect(first?.cited.some((id) => id.endsWith('/cart/caller_latency_s'))).toBe(true);
  });

  it('count a template of a log that sets in as evidence, with the id of the log', () => {
    const { metrics, onset } = bundled('cpu');
    const said = (seconds: number, words: string) => `${new Date(onset + seconds * 1000).toISOString()} ${words}`;
    const before = Array.from({ length: 60 }, (_, at) => said((at - 60) * 30, `served order ${at} in 4ms`));
    const after = Array.from({ length: 60 }, (_, at) => said(at, `error: order ${at} timed out in the pool`));
    const log = { id: 'log:cart', namespace: 'shop', pod: 'cart-1', container: 'app', previous: false };
    const logs = linesOfLogs([{ ...log, lines: [...before, 'without a time', ...after] }], () => 'shop/cart');
    expect(logs).toHaveLength(120);
    const [first] = rootCausesIn({ metrics, logs }, calls, { onset }).ranked;
    expect(first?.evidence).toContainEqual(
      expect.objectContaining({ kind: 'log', metric: expect.stringContaining('error: order <*> timed out') }),
    );
    expect(first?.cited).toContain('log:cart');
  });

  it('are empty with the reason when there are none', () => {
    expect(rootCausesIn({ metrics: [] }, calls)).toMatchObject({ status: 'empty', ranked: [] });
  });
});

it('names entities by namespace, the widest label first', () => {
  expect(entityOf({ namespace: 'shop', pod: 'cart-1', service: 'cart' })).toBe('shop/cart');
  expect(entityOf({ node: 'n1', namespace: 'shop' })).toBe('n1');
  expect(entityOf({ job: 'x' })).toBeUndefined();
});
