import { describe, expect, it } from '@jest/globals';
import type { ReplicaSet } from './actions/pick-revision.ts';
import { judge, type Reading, type Sight } from './conditions.ts';
import type { ContainerStatus, KubeObject, Pod, Workload } from './kube-object.ts';
import { type Observation, observe, unbegun } from './observation.ts';

const meta = (name: string, rest: Partial<KubeObject['metadata']> = {}) => ({
  name,
  uid: name,
  resourceVersion: '1',
  ...rest,
});
const workload = (status: Workload['status'] = {}, kind = 'Deployment'): Workload => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: meta('cart', { generation: 3, annotations: { 'deployment.kubernetes.io/revision': '2' } }),
  spec: { replicas: 2, selector: {}, template: { spec: { containers: [] } } },
  status: { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2, ...status },
});
const revision = (number: number): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: meta(`cart-${number}`, {
    annotations: { 'deployment.kubernetes.io/revision': String(number) },
    ownerReferences: [{ kind: 'Deployment', name: 'cart', uid: 'cart' }],
  }),
  spec: { template: { spec: { containers: [] } } },
});
const pod = (name: string, owner: number, status: Partial<ContainerStatus> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta(name, { ownerReferences: [{ kind: 'ReplicaSet', name: `cart-${owner}`, uid: `cart-${owner}` }] }),
  status: { containerStatuses: [{ name: 'app', restartCount: 0, ...status }] },
});
const crashing = { state: { waiting: { reason: 'CrashLoopBackOff' } } };
const holds = (sight: Sight) => judge('workload_available', sight, null).holds;

describe('workload_available', () => {
  it('holds when all wanted replicas are current and available', () =>
    expect(holds({ object: workload() })).toBe(true));

  it.each([
    ['its controller is behind', { observedGeneration: 2 }],
    ['one is not updated', { updatedReplicas: 1 }],
    ['one is not available', { availableReplicas: 1 }],
    ['one of the old is left', { replicas: 3 }],
  ])('does not hold while %s', (_, status) => expect(holds({ object: workload(status) })).toBe(false));

  it('looks at pods of the current revision alone', () => {
    const replicaSets = [revision(1), revision(2)];
    expect(holds({ object: workload(), replicaSets, pods: [pod('old', 1, crashing), pod('new', 2)] })).toBe(true);
    expect(holds({ object: workload(), replicaSets, pods: [pod('new', 2, crashing)] })).toBe(false);
  });

  it('reads the figures of a DaemonSet', () => {
    const status = { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 };
    expect(holds({ object: workload(status, 'DaemonSet') })).toBe(false);
    expect(holds({ object: workload({ ...status, numberAvailable: 3 }, 'DaemonSet') })).toBe(true);
  });
});

describe('the other conditions', () => {
  const node = (spec: object, ready = 'True') =>
    ({ ...workload(), kind: 'Node', spec, status: { conditions: [{ type: 'Ready', status: ready }] } }) as KubeObject;
  it.each([
    ['node_ready', node({}), true],
    ['node_ready', node({}, 'Unknown'), false],
    ['node_unschedulable', node({ unschedulable: true }), true],
    ['node_schedulable', node({ unschedulable: true }), false],
    ['pod_ready', undefined, false],
    ['object_gone', undefined, true],
    ['object_gone', node({}), false],
  ] as const)('%s', (condition, object, expected) => expect(judge(condition, { object }, null).holds).toBe(expected));

  it('takes a successor of the same name for gone', () => {
    expect(judge('object_gone', { object: workload() }, 'another').holds).toBe(true);
    expect(judge('workload_available', { object: workload() }, 'another').holds).toBe(false);
  });

  it('counts ready endpoints and a bound claim', () => {
    expect(judge('service_has_endpoints', { object: workload(), readyEndpoints: 0 }, null).holds).toBe(false);
    const claim = { ...workload(), status: { phase: 'Bound' } } as KubeObject;
    expect(judge('claim_bound', { object: claim }, null).holds).toBe(true);
  });
});

describe('observe', () => {
  const reading = (good: boolean, restarts: Record<string, number> = {}): Reading => ({
    holds: good,
    detail: 'x',
    restarts,
  });
  /** One look a second, held for 3 s in a window of 10 s. */
  const run = (looks: (Reading | undefined)[]): Observation =>
    looks.reduce<Observation>(
      (state, look, second) =>
        state.verdict === undefined
          ? observe(state, { at: second * 1000, started: 0, heldForMs: 3000, windowMs: 10_000, reading: look })
          : state,
      unbegun,
    );
  const times = (count: number, look: Reading | undefined) => Array.from({ length: count }, () => look);
  const good = reading(true);
  const bad = reading(false);

  it('is met as soon as it was held long enough', () => {
    expect(run([bad, ...times(3, good)]).verdict).toBeUndefined();
    expect(run([bad, ...times(4, good)]).verdict?.observed).toBe('met');
  });

  it('begins anew after a look at which it did not hold', () => {
    expect(run([good, good, good, bad, good, good, good]).verdict).toBeUndefined();
  });

  it('is not met when a look at the end shows so', () => expect(run(times(11, bad)).verdict?.observed).toBe('not_met'));

  it('is unknown when it began to hold too late, or nothing could be seen', () => {
    expect(run([...times(9, bad), good, good]).verdict?.observed).toBe('unknown');
    expect(run(times(11, undefined)).verdict?.observed).toBe('unknown');
    expect(run([...times(4, bad), ...times(7, undefined)]).verdict?.observed).toBe('unknown');
  });

  it('does not hold across a container that restarted, even one of a new pod', () => {
    const restarted = [
      reading(true, { a: 1 }),
      reading(true, { a: 1 }),
      reading(true, { a: 2 }),
      reading(true, { a: 2 }),
    ];
    expect(run(restarted).verdict).toBeUndefined();
    expect(run([good, good, reading(true, { b: 1 }), reading(true, { b: 1 })]).verdict).toBeUndefined();
    expect(run(times(4, reading(true, { a: 5 }))).verdict?.observed).toBe('met');
  });
});
