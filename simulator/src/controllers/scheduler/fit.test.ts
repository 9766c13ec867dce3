import { describe, expect, it } from '@jest/globals';
import type { Node, PodSpec } from '../types.ts';
import { refusalOf, scoreOf, unschedulableMessage } from './fit.ts';

const node = (name: string, spec: Node['spec'] = {}, labels: Record<string, string> = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  spec,
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '2' } },
});
const pod = (cpu: string, rest: Partial<PodSpec> = {}): PodSpec => ({
  containers: [{ name: 'app', image: 'a:1', resources: { requests: { cpu, memory: '1Gi' } } }],
  ...rest,
});
const room = (target: Node, cpu = 0, pods = 0) => ({ node: target, requested: { cpu }, pods });

describe('whether a node takes a pod', () => {
  it('takes one that fits exactly', () => {
    expect(refusalOf(pod('3'), room(node('a'), 1))).toBeUndefined();
  });

  it.each([
    ['no room left', pod('2'), room(node('a'), 3), ['Insufficient cpu'], true],
    ['never enough', pod('5'), room(node('a')), ['Insufficient cpu'], false],
    ['pod limit', pod('1'), room(node('a'), 0, 2), ['Too many pods'], true],
    ['cordoned', pod('1'), room(node('a', { unschedulable: true })), ['node(s) were unschedulable'], false],
    [
      'taint',
      pod('1'),
      room(node('a', { taints: [{ key: 'k', effect: 'NoSchedule' }] })),
      ['node(s) had untolerated taint(s)'],
      false,
    ],
    [
      'selector',
      pod('1', { nodeSelector: { disk: 'ssd' } }),
      room(node('a')),
      ["node(s) didn't match Pod's node affinity/selector"],
      false,
    ],
  ])('refuses: %s', (_case, spec, target, reasons, preemptible) => {
    expect(refusalOf(spec, target)).toEqual({ reasons, preemptible });
  });

  it('bears a taint that it tolerates', () => {
    const tolerations = [{ key: 'k', operator: 'Exists' as const }];
    expect(
      refusalOf(pod('1', { tolerations }), room(node('a', { taints: [{ key: 'k', effect: 'NoExecute' }] }))),
    ).toBeUndefined();
  });

  it('reads node affinity by labels and by name', () => {
    const needs = (term: object) =>
      pod('1', {
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } },
      });
    const byName = needs({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] });
    const byLabel = needs({ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['z1'] }] });
    expect([refusalOf(byName, room(node('a'))), refusalOf(byName, room(node('b')))?.preemptible]).toEqual([
      undefined,
      false,
    ]);
    expect(refusalOf(byLabel, room(node('a', {}, { zone: 'z1' })))).toBeDefined();
    expect(refusalOf(byLabel, room(node('a', {}, { zone: 'z2' })))).toBeUndefined();
  });
});

it('prefers a wished-for node, then a free one, then one without siblings', () => {
  const preference = { matchExpressions: [{ key: 'pool', operator: 'In' as const, values: ['x'] }] };
  const wish = pod('1', {
    affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference }] } },
  });
  const wished = scoreOf(wish, room(node('a', {}, { pool: 'x' }), 3), 1);
  expect(wished).toBeGreaterThan(scoreOf(wish, room(node('b')), 0));
  expect(scoreOf(pod('1'), room(node('a')), 0)).toBeGreaterThan(scoreOf(pod('1'), room(node('a'), 2), 0));
  expect(scoreOf(pod('1'), room(node('a')), 0)).toBeGreaterThan(scoreOf(pod('1'), room(node('a')), 1));
});

it('says why no node was good enough, each reason with its count', () => {
  const refusals = [
    room(node('a'), 3),
    room(node('b'), 3),
    room(node('c', { taints: [{ key: 'k', effect: 'NoSchedule' }] })),
  ].map((target) => refusalOf(pod('2'), target));
  expect(unschedulableMessage(refusals.filter((refusal) => refusal !== undefined))).toBe(
    '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
  );
});
