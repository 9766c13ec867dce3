import { describe, expect, it } from '@jest/globals';
import { callGraph } from './call-graph.ts';
import { SETTINGS } from './settings.ts';
import type { NodeView } from './symptom.ts';
import { findWhere } from './where.ts';

const BEFORE = 30;
const WINDOW = 3;
const times = Array.from({ length: BEFORE + WINDOW }, (_, at) => at * 60_000);
const onset = BEFORE * 60_000;

/** A node with some scatter before the onset and a level after it. */
const node = (entity: string, level: number, after: number, requests: number | undefined): [string, NodeView] => [
  entity,
  {
    entity,
    metric: 'latency',
    measure: { times, values: times.map((_, at) => (at < BEFORE ? level * (1 + 0.01 * (at % 3)) : after)) },
    requests: requests === undefined ? undefined : { times, values: times.map(() => requests) },
  },
];

const graph = callGraph([
  { caller: 'front', callee: 'mid' },
  { caller: 'mid', callee: 'deep' },
  { caller: 'front', callee: 'side' },
]);
const ask = (symptom: 'latency' | 'errors') => ({
  symptom,
  onset,
  reach: 180_000,
  times: times.slice(BEFORE),
  settings: SETTINGS,
});

describe('where lost time comes from', () => {
  it('names the callee that loses it, not the caller that waits, nor a quiet one with a large deviation', () => {
    const views = new Map([
      node('front', 0.1, 0.3, 100),
      node('mid', 0.05, 0.25, 100),
      node('deep', 0.02, 0.22, 100),
      node('side', 0.01, 2, 0.2),
    ]);
    const where = findWhere(views, 'front', ask('latency'), graph);
    expect(where.by === 'budgets' && where.places.map(({ entity, kept }) => [entity, kept])).toEqual([
      ['deep', true],
      ['mid', true],
      ['side', false],
    ]);
  });

  it('is empty when the target is as usual', () => {
    const views = new Map([node('front', 0.1, 0.1, 100), node('mid', 0.05, 0.5, 100)]);
    expect(findWhere(views, 'front', ask('latency'), graph)).toMatchObject({ by: 'nothing', deviates: false });
  });

  it('is empty when no callee explains the target', () => {
    const views = new Map([node('front', 0.1, 0.3, 100), node('mid', 0.05, 0.05, 100)]);
    expect(findWhere(views, 'front', ask('latency'), graph)).toMatchObject({ by: 'nothing', deviates: true });
  });

  it('does not blame a node that was already high just before', () => {
    const [name, view] = node('mid', 0.05, 0.5, 100);
    const drifting = { times, values: view.measure.values.map((value, at) => (at >= BEFORE - 2 ? 0.5 : value)) };
    const views = new Map([node('front', 0.1, 0.3, 100), [name, { ...view, measure: drifting }] as const]);
    expect(findWhere(views, 'front', ask('latency'), graph)).toMatchObject({ by: 'nothing', deviates: true });
  });

  it('counts failed requests the same way', () => {
    const views = new Map([
      node('front', 0.001, 0.1, 1000),
      node('mid', 0.001, 0.1, 900),
      node('deep', 0.001, 0.1, 900),
    ]);
    const where = findWhere(views, 'front', ask('errors'), graph);
    expect(where.by === 'budgets' && where.places[0]?.entity).toBe('deep');
  });

  it('walks to the deepest deviating callee where requests are not counted', () => {
    const views = new Map([
      node('front', 0.1, 0.3, undefined),
      node('mid', 0.05, 0.25, undefined),
      node('deep', 0.02, 0.22, undefined),
      node('side', 0.01, 0.01, undefined),
    ]);
    const where = findWhere(views, 'front', ask('latency'), graph);
    expect(where).toMatchObject({ by: 'walk', places: [{ entity: 'deep' }] });
  });

  it('says when there is too little history', () => {
    const [name, view] = node('front', 0.1, 0.3, 100);
    const short = { times: times.slice(25), values: view.measure.values.slice(25) };
    expect(findWhere(new Map([[name, { ...view, measure: short }]]), 'front', ask('latency'), graph)).toMatchObject({
      reason: 'the target has too little history to say what is usual',
    });
  });
});
