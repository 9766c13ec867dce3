import { expect, it } from '@jest/globals';
import { blamedClaim, leadingReason, parseKarpenter, parseScheduling } from './scheduling.ts';

it('counts nodes per reason and leaves the preemption part out', () => {
  const message =
    "0/6 nodes are available: 1 Insufficient memory, 2 node(s) didn't match Pod's node affinity/selector, 3 node(s) had untolerated taint {a: b}. preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling.";
  expect(parseScheduling(message)).toEqual({
    nodes: 6,
    reasons: [
      { count: 1, text: 'Insufficient memory' },
      { count: 2, text: "node(s) didn't match Pod's node affinity/selector" },
      { count: 3, text: 'node(s) had untolerated taint {a: b}' },
    ],
  });
  expect(parseScheduling('no nodes available to schedule pods')).toBeUndefined();
});

it('names the reason that rules out most of the nodes that could be had', () => {
  const leading = (reasons: string) => {
    const verdict = parseScheduling(`0/6 nodes are available: ${reasons}. preemption: 0/6 nodes are available: none.`);
    return verdict === undefined ? undefined : leadingReason(verdict)?.category;
  };
  expect(leading('1 Insufficient cpu, 5 node(s) had untolerated taint {pool: gpu}')).toBe('unschedulable_taint');
  expect(leading('5 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 1 Insufficient cpu')).toBe(
    'unschedulable_insufficient_resource',
  );
  expect(leading('5 node(s) had untolerated taint(s)')).toBe('unschedulable_taint');
  expect(leading("6 node(s) didn't match PersistentVolume's node affinity")).toBe('unschedulable_volume_affinity');
  expect(leading('3 Insufficient cpu, 3 node(s) exceed max volume count')).toBe('unschedulable_insufficient_resource');
});

it('counts taints that are not named against want of room and a selector and leaves these their place, as a guess', () => {
  const leading = (reasons: string, meant?: number) => {
    const verdict = parseScheduling(`0/9 nodes are available: ${reasons}.`);
    const { category, is_guess: isGuess } = (verdict && leadingReason(verdict, meant)) ?? {};
    return [category, isGuess];
  };
  const unnamed = (count: number) => `${count} node(s) had untolerated taint(s)`;
  expect(leading(`1 Insufficient cpu, ${unnamed(5)}`)).toEqual(['unschedulable_insufficient_resource', true]);
  expect(leading(`${unnamed(5)}, 1 node(s) didn't match Pod's node affinity/selector`)).toEqual([
    'unschedulable_node_selector',
    true,
  ]);
  expect(leading(`1 Insufficient cpu, ${unnamed(5)}`, 5)).toEqual(['unschedulable_insufficient_resource', true]);
  expect(leading(`2 Insufficient cpu, ${unnamed(3)}`)).toEqual(['unschedulable_insufficient_resource', true]);
  expect(leading(`3 Insufficient cpu, ${unnamed(2)}`)).toEqual(['unschedulable_insufficient_resource', false]);
  expect(leading(`1 Insufficient cpu, ${unnamed(5)}`, 0)).toEqual(['unschedulable_insufficient_resource', false]);
  expect(leading(`2 Insufficient cpu, ${unnamed(3)}`, 3)).toEqual(['unschedulable_insufficient_resource', true]);
  // Where a pod of the same set already stands, it is at home.
  expect(leading(`1 node(s) didn't match pod anti-affinity rules, ${unnamed(5)}`, 5)).toEqual([
    'unschedulable_affinity',
    false,
  ]);
});

it('reads claims that keep the scheduler from looking, and what Karpenter says', () => {
  expect(blamedClaim('0/3 nodes are available: persistentvolumeclaim "data" not found.')).toEqual({ name: 'data' });
  expect(blamedClaim('0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.')).toEqual({
    name: undefined,
  });
  expect(
    parseKarpenter('Failed to schedule pod, incompatible with nodepool "x", did not tolerate team=a:NoSchedule')
      ?.category,
  ).toBe('unschedulable_taint');
  expect(parseKarpenter('0/3 nodes are available: 3 Insufficient cpu.')).toBeUndefined();
});

it('takes nodes that are tainted with the device that the others lack to have it', () => {
  const leading = (reasons: string) => {
    const verdict = parseScheduling(`0/7 nodes are available: ${reasons}. preemption: 0/7 nodes are available: none.`);
    return verdict && leadingReason(verdict);
  };
  expect(leading('5 Insufficient amd.com/gpu, 2 node(s) had untolerated taint {amd.com/gpu: }')).toMatchObject({
    category: 'unschedulable_taint',
    text: '2 node(s) had untolerated taint {amd.com/gpu: }, and the others have no amd.com/gpu to give',
  });
  for (const reasons of [
    '5 Insufficient amd.com/gpu, 2 node(s) had untolerated taint {team: maps}',
    '5 Insufficient cpu, 2 node(s) had untolerated taint {amd.com/gpu: }',
    '7 Insufficient amd.com/gpu',
  ])
    expect(leading(reasons)?.category).toBe('unschedulable_insufficient_resource');
});
