import { expect, it } from '@jest/globals';
import { aDeployment, aPod, aReplicaSet, factsOf } from '../../test/objects.ts';
import { type Remembered, remember } from './remembered.ts';
import type { Sample } from './sample.ts';
import { bounded, MOST_SERIES } from './series-bound.ts';
import { presentIn, usageSamplesOf } from './usage.ts';

const at = '2026-03-01T10:00:00.000Z';
const running = { status: { phase: 'Running' } };
const facts = factsOf(
  aDeployment(),
  aReplicaSet(),
  aPod({ metadata: { name: 'cart-5d9c-a', uid: 'u-a' }, ...running }),
  aPod({ metadata: { name: 'cart-5d9c-b', uid: 'u-b' }, ...running }),
);
const used = (name: string, cpu: string, memory: string) => ({
  metadata: { name, namespace: 'shop' },
  containers: [{ name: 'app', usage: { cpu, memory } }],
});
const valuesOf = (samples: readonly Sample[]) =>
  Object.fromEntries(samples.map(({ series, points }) => [series.name, points[0]?.[1]]));

it('measures a workload by its pods: processor time on average, memory at most', () => {
  const pods = [used('cart-5d9c-a', '100m', '64Mi'), used('cart-5d9c-b', '300m', '128Mi')];
  expect(valuesOf(usageSamplesOf({ pods, nodes: [] }, facts, at))).toMatchObject({
    cpu_usage_cores: 0.2,
    memory_usage_bytes: 128 * 1024 ** 2,
  });
});

it('has a gap, not a zero, for pods that run and are not measured', () => {
  expect(valuesOf(usageSamplesOf({ pods: [], nodes: [] }, facts, at))).toMatchObject({
    cpu_usage_cores: null,
    memory_usage_bytes: null,
  });
});

it('measures how near the fullest container of any pod is to its memory limit', () => {
  const limited = factsOf(
    aDeployment(),
    aReplicaSet(),
    aPod({
      metadata: { name: 'cart-5d9c-a', uid: 'u-a' },
      spec: { containers: [{ name: 'app', resources: { limits: { memory: '256Mi' } } }, { name: 'proxy' }] },
      ...running,
    }),
  );
  const pods = [used('cart-5d9c-a', '100m', '192Mi')];
  expect(valuesOf(usageSamplesOf({ pods, nodes: [] }, limited, at))).toMatchObject({ memory_limit_ratio: 0.75 });
  expect(valuesOf(usageSamplesOf({ pods: [], nodes: [] }, limited, at))).toMatchObject({ memory_limit_ratio: null });
  expect(valuesOf(usageSamplesOf({ pods, nodes: [] }, facts, at))).not.toHaveProperty('memory_limit_ratio');
});

const sample = (name: string, subject: string, labels = {}): Sample => ({
  series: { name, labels },
  subject: { kind: 'Deployment', namespace: 'shop', name: subject },
  points: [[at, 1]],
});

it('tells that a series is gone once its workload is, but not that it is silent', () => {
  const known: Remembered = new Map();
  const isThere = presentIn(facts);
  expect(remember(known, [sample('cpu_usage_cores', 'cart'), sample('cpu_usage_cores', 'old')], isThere)).toEqual([]);
  expect(remember(known, [], isThere).map(({ subject }) => subject.name)).toEqual(['old']);
  expect(remember(known, [], isThere)).toEqual([]);
  expect(known.size).toBe(1);
});

it('keeps the bound: symptoms before resources before calls, and what went out before stays', () => {
  const many = Array.from({ length: MOST_SERIES }, (_, at) => sample('cpu_usage_cores', `w${at}`));
  const call = sample('requests_per_second', 'a', { caller: 'shop/x', callee: 'shop/a' });
  const fresh = bounded([call, ...many, sample('latency_mean_ms', 'slow')], new Map());
  expect(fresh.leftOut).toBe(2);
  expect(fresh.kept[0]?.series.name).toBe('latency_mean_ms');
  const known: Remembered = new Map();
  remember(known, [call], () => true);
  expect(bounded([...many, call], known).kept).toContain(call);
});
