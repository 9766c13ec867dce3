import { expect, it } from '@jest/globals';
import type { Workload } from './inventory-store.ts';
import { measuredSubject, neighbourhood, observedCalls } from './neighbourhood.ts';

const workload = (name: string, node: string, namespace = 'shop'): Workload => ({
  subject: { kind: 'Deployment', namespace, name },
  pods: [`${name}-1`],
  services: [`${name}-svc`],
  nodes: [node],
});
const workloads = [workload('front', 'n1'), workload('cart', 'n2'), workload('other', 'n3', 'else')];
const [front] = workloads;
const subject = { kind: 'Deployment', namespace: 'shop', name: 'front' };

it('is what the subject depends on, its nodes and its callers', () => {
  const calls = [
    { caller: 'shop/edge', callee: 'shop/front' },
    { caller: 'shop/front', callee: 'shop/cart' },
    { caller: 'else/other', callee: 'else/db' },
  ];
  expect([...neighbourhood(subject, { calls, workloads })].sort()).toEqual(
    ['n1', 'n2', 'shop/cart', 'shop/edge', 'shop/front'].sort(),
  );
});

it('is the namespace where no calls are measured', () => {
  expect([...neighbourhood(subject, { calls: [], workloads })].sort()).toEqual(['n1', 'n2', 'shop/cart', 'shop/front']);
});

it('starts at the workload behind a pod or a service, and at the thing itself otherwise', () => {
  const of = (kind: string, name: string) => measuredSubject({ kind, namespace: 'shop', name }, workloads);
  expect(of('Pod', 'front-1')).toEqual(front?.subject);
  expect(of('Service', 'front-svc')).toEqual(front?.subject);
  expect(of('Pod', 'nobody')).toEqual({ kind: 'Pod', namespace: 'shop', name: 'nobody' });
});

it('reads calls from labels, each once', () => {
  const one = { series: { name: 'x', labels: { caller: 'a/b', callee: 'a/c' } }, subject };
  expect(observedCalls([one, one, { series: { name: 'y', labels: {} }, subject }])).toEqual([
    { caller: 'a/b', callee: 'a/c' },
  ]);
});
