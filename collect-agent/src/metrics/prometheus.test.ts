import type { JsonObject } from '@aetherius/shared/contracts';
import { describe, expect, it } from '@jest/globals';
import { aClaim, aDeployment, aNode, aPod, aReplicaSet, factsOf } from '../../test/objects.ts';
import { samplesOf } from './prometheus.ts';
import { type PrometheusQuery, queries } from './queries.ts';

const facts = factsOf(
  aDeployment(),
  aReplicaSet(),
  aPod({ metadata: { name: 'cart-5d9c-a' } }),
  aPod({ metadata: { name: 'cart-5d9c-b', uid: 'u-b' } }),
);
const ofPods: PrometheusQuery = {
  name: 'requests_per_second',
  about: { kind: 'pod', namespace: 'namespace', name: 'pod' },
  query: '',
};
const answer = (...rows: JsonObject[]): JsonObject => ({ data: { resultType: 'matrix', result: rows } });
const row = (pod: unknown, ...values: [number, string][]): JsonObject =>
  ({ metric: { namespace: 'shop', pod }, values }) as JsonObject;

describe('rows of Prometheus', () => {
  it('of the pods of one workload are one series, a value that is none a gap', () => {
    const samples = samplesOf(
      ofPods,
      answer(row('cart-5d9c-a', [60, '2'], [120, 'NaN'], [180, '+Inf']), row('cart-5d9c-b', [60, '4'], [120, '5'])),
      facts,
    );
    expect(samples).toEqual([
      {
        series: { name: 'requests_per_second', labels: {} },
        subject: { kind: 'Deployment', namespace: 'shop', name: 'cart' },
        points: [
          ['1970-01-01T00:01:00.000Z', 3],
          ['1970-01-01T00:02:00.000Z', 5],
          ['1970-01-01T00:03:00.000Z', null],
        ],
      },
    ]);
  });

  it.each([
    ['a pod that is not there', 'cart-5d9c-c'],
    ['text that is no name', 'cart"} or vector(1) #'],
    ['a name of another kind of value', { $ne: 1 }],
    ['a name beyond any length', 'a'.repeat(300)],
  ])('are left aside for %s', (_, pod) => {
    expect(samplesOf(ofPods, answer(row(pod, [60, '2'])), facts)).toEqual([]);
  });

  it.each([
    ['nothing', {}],
    ['a refusal', { status: 'error', error: 'no' }],
    ['a list of numbers', { data: { result: [1, 2] } }],
    ['points that are none', answer({ metric: { namespace: 'shop', pod: 'cart-5d9c-a' }, values: ['x', [null, 1]] })],
  ])('are none in an answer of %s', (_, body) => {
    expect(samplesOf(ofPods, body as JsonObject, facts)).toEqual([]);
  });

  it('of a call need both of its ends in the cluster', () => {
    const about = {
      kind: 'call',
      caller: ['source_namespace', 'source'],
      callee: ['destination_namespace', 'destination'],
    } as const satisfies PrometheusQuery['about'];
    const query: PrometheusQuery = { name: 'requests_per_second', about, query: '' };
    const call = (source: string): JsonObject => ({
      metric: { source_namespace: 'shop', source, destination_namespace: 'shop', destination: 'cart' },
      values: [[60, '1']],
    });
    const found = samplesOf(query, answer(call('unknown'), call('cart')), facts);
    expect(found.map(({ series }) => series.labels)).toEqual([{ caller: 'shop/cart', callee: 'shop/cart' }]);
  });
});

describe('rows about limits', () => {
  const limited = factsOf(aNode(), aClaim());
  const rows = (name: string, ...given: JsonObject[]) => {
    const query = queries.find((one) => one.name === name);
    return query === undefined ? [] : samplesOf(query, answer(...given), limited);
  };
  const of = (metric: JsonObject, value: string): JsonObject => ({ metric, values: [[60, value]] });

  it('are placed at the claim that exists', () => {
    const label = (persistentvolumeclaim: string) => ({ namespace: 'shop', persistentvolumeclaim });
    const found = rows('volume_used_ratio', of(label('data'), '0.5'), of(label('nobody'), '0.9'));
    expect(found).toMatchObject([
      { subject: { kind: 'PersistentVolumeClaim', name: 'data' }, points: [[expect.any(String), 0.5]] },
    ]);
  });

  it('take the fullest disk of a node, by whichever label names it', () => {
    const found = rows(
      'node_disk_used_ratio',
      of({ instance: '10.0.0.1:9100', node: 'worker-1' }, '0.3'),
      of({ instance: 'worker-1' }, '0.8'),
      of({ instance: '10.0.0.2:9100' }, '0.9'),
    );
    expect(found).toMatchObject([
      { subject: { kind: 'Node', namespace: null, name: 'worker-1' }, points: [[expect.any(String), 0.8]] },
    ]);
  });
});

it('asks nothing twice', () => {
  expect(new Set(queries.map(({ query }) => query)).size).toBe(queries.length);
});
